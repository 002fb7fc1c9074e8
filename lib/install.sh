# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# What a machine lacks, and how it gets it. Only `quickstart` and `test` install, only on Debian and
# Ubuntu as root, only after saying what, and never with --no-install. Everybody else gets the
# commands to type.

OS_RELEASE=${OS_RELEASE:-/etc/os-release}
NO_INSTALL=${NO_INSTALL:-}
VENDOR_APT=https://packages.adoptium.net/artifactory
VENDOR_KEY=3B04D753C9050D9A5D343F39843C48A565F8F04B # signs the vendor's packages; pinned here
APT_FOLDER=${APT_FOLDER:-/etc/apt}

user_id() {
  id -u
}

os_fact() {
  [ -r "$OS_RELEASE" ] || return 0
  sed -n "s/^$1=\"\\{0,1\\}\\([^\"]*\\)\"\\{0,1\\}\$/\\1/p" "$OS_RELEASE" | head -n 1
}

# Whether the machine's packages come by apt.
is_debian() {
  case " $(os_fact ID) $(os_fact ID_LIKE) " in
    *' debian '* | *' ubuntu '*) command -v apt-get >/dev/null 2>&1 ;;
    *) return 1 ;;
  esac
}

as_root() {
  [ "$(user_id)" = 0 ] || printf 'sudo '
}

# Prints the command that installs Debian packages.
apt_command() {
  if is_debian; then
    printf '  %sapt-get update && %sapt-get install --yes %s\n' "$(as_root)" "$(as_root)" "$*"
  else
    printf '  install with your package manager: %s\n' "$*"
  fi
}

has_package() {
  apt-cache policy "$1" 2>/dev/null | grep '^  Candidate: ' | grep -qv '(none)$'
}

# Which way a JDK 25 comes: `debian` (its own package), `vendor` (the vendor's signed apt
# repository) or `none` (no apt here).
jdk_source() {
  if ! is_debian; then
    echo none
  elif has_package openjdk-25-jdk-headless; then
    echo debian
  else
    case "$(os_fact ID) $(os_fact VERSION_ID)" in
      'debian 13'*) echo debian ;;
      *) echo vendor ;;
    esac
  fi
}

# Prints the commands that install a JDK 25 here.
jdk_commands() {
  case $(jdk_source) in
    debian) apt_command openjdk-25-jdk-headless ;;
    vendor)
      cat <<END
  $(as_root)apt-get update && $(as_root)apt-get install --yes ca-certificates curl gpg
  curl -fsSL --proto =https -o adoptium.asc $VENDOR_APT/api/gpg/key/public
  gpg --show-keys adoptium.asc   # go on if this is the one key: $VENDOR_KEY
  $(as_root)install -D -m 644 adoptium.asc /etc/apt/keyrings/adoptium.asc
  echo "deb [signed-by=/etc/apt/keyrings/adoptium.asc] $VENDOR_APT/deb $(os_fact VERSION_CODENAME) main" | $(as_root)tee /etc/apt/sources.list.d/adoptium.list
  $(as_root)apt-get update && $(as_root)apt-get install --yes temurin-25-jdk
END
      ;;
    none) printf '  install a JDK 25 with your package manager, or from https://adoptium.net\n' ;;
  esac
}

# Prints the Debian packages that a use lacks, one a line. Uses: quickstart, test.
missing_packages() {
  command -v mvn >/dev/null 2>&1 || echo maven
  command -v curl >/dev/null 2>&1 || echo curl
  command -v flock >/dev/null 2>&1 || echo util-linux
  command -v nft >/dev/null 2>&1 || echo nftables
  command -v ip >/dev/null 2>&1 || echo iproute2
  command -v aws >/dev/null 2>&1 || echo awscli
  is_static "$(command -v busybox || true)" || echo busybox-static
  if ! engine_answers && ! command -v dockerd >/dev/null 2>&1; then
    echo docker.io
  fi
  if ! command -v docker >/dev/null 2>&1 && has_package docker-cli; then
    echo docker-cli # Debian 13 and later: the client is a package of its own
  fi
  if [ "$1" = test ]; then
    command -v skopeo >/dev/null 2>&1 || echo skopeo
    command -v shellcheck >/dev/null 2>&1 || echo shellcheck
    [ -x "${DEBIAN_AWS:-/usr/bin/aws}" ] || ! command -v aws >/dev/null 2>&1 || echo awscli
  fi
}

# Whether a program needs no shared library, so that it runs in an image of its own.
is_static() {
  [ -n "$1" ] && ! ldd "$1" >/dev/null 2>&1
}

forbid_install() {
  NO_INSTALL=1
}

may_install() {
  [ -z "$NO_INSTALL" ] && is_debian && [ "$(user_id)" = 0 ]
}

apt_install() {
  DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@" \
    >>"$HOLDFAST_HOME/target/install.log" 2>&1 </dev/null
}

apt_update() {
  DEBIAN_FRONTEND=noninteractive apt-get update >>"$HOLDFAST_HOME/target/install.log" 2>&1 </dev/null
}

# Prints the fingerprints of the primary keys in a file.
key_prints() {
  keys=$(mktemp -d)
  gpg --batch --no-options --homedir "$keys" --show-keys --with-colons "$1" 2>/dev/null |
    sed -n '/^pub:/,/^fpr:/s/^fpr:*\([0-9A-F]*\):.*/\1/p'
  rm -rf "$keys"
}

# Lets apt take the vendor's packages, if the key that is served is the one pinned here, and no other with it.
trust_vendor() {
  key=$(mktemp)
  if curl -fsSL --proto =https -o "$key" "$VENDOR_APT/api/gpg/key/public" && [ "$(key_prints "$key")" = "$VENDOR_KEY" ]; then
    mkdir -p "$APT_FOLDER/keyrings" "$APT_FOLDER/sources.list.d"
    cp "$key" "$APT_FOLDER/keyrings/adoptium.asc"
    chmod 644 "$APT_FOLDER/keyrings/adoptium.asc"
    printf 'deb [signed-by=%s/keyrings/adoptium.asc] %s/deb %s main\n' \
      "$APT_FOLDER" "$VENDOR_APT" "$(os_fact VERSION_CODENAME)" >"$APT_FOLDER/sources.list.d/adoptium.list"
    rm "$key"
    return 0
  fi
  say "The key that $VENDOR_APT serves is not $VENDOR_KEY alone; nothing was taken from there."
  rm -f "$key"
  return 1
}

# Installs a JDK 25 by the way of this machine, or ends with the commands.
install_jdk() {
  find_jdk >/dev/null && return 0
  may_install || fail "a JDK 25 is needed. Install one:
$(jdk_commands)"
  say "Installing a JDK 25 ($(jdk_source) packages) ..."
  apt_update || true
  case $(jdk_source) in
    debian) apt_install openjdk-25-jdk-headless || true ;;
    vendor)
      apt_install ca-certificates curl gpg || true
      if trust_vendor; then
        apt_update || true
        apt_install temurin-25-jdk || true
      fi
      ;;
  esac
  find_jdk >/dev/null || fail "no JDK 25 could be installed (target/install.log). By hand:
$(jdk_commands)"
}

# Installs what a use lacks, after saying what. Ends where it may not; what cannot be had for `test`
# is left to the checks, which report themselves as not run.
install_for() {
  mkdir -p "$HOLDFAST_HOME/target"
  install_jdk
  # shellcheck disable=SC2046
  set -- "$1" $(missing_packages "$1")
  use=$1
  shift
  [ $# -gt 0 ] || return 0
  if ! may_install; then
    if [ "$use" = test ]; then
      say "Not installed: $*. Checks that need them will say so. To install:
$(apt_command "$@")"
      return 0
    fi
    fail "missing: $*. Install them:
$(apt_command "$@")"
  fi
  say "Installing Debian packages: $* ..."
  apt_update || true
  for package in "$@"; do
    apt_install "$package" || say "could not install $package (target/install.log)"
  done
}
