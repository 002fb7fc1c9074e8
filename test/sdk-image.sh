#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes a folder that `docker build` turns into an image that asks who it is with a real AWS CLI and
# without any configuration. Its files are those of the Debian packages installed on this machine, so
# that nothing is fetched; PyPI's CLI, where that is asked for, runs on Debian's Python.
#   test/sdk-image.sh AWS FOLDER     AWS is the program whose kind goes into the image
set -eu

aws=$1
root=$2/root
mkdir -p "$root/usr/bin" "$root/tmp" "$root/opt/aws"
chmod 1777 "$root/tmp"
for folder in bin sbin lib lib64; do
  if [ -L "/$folder" ]; then
    mkdir -p "$root/usr/$folder"
    ln -s "usr/$folder" "$root/$folder"
  fi
done

# Copies the files of a package and of all that it depends on, as installed here.
copy_package() {
  apt-cache depends --installed --recurse --no-suggests --no-recommends --no-conflicts --no-breaks \
    --no-replaces --no-enhances "$1" | grep '^[a-z]' | sort -u | xargs dpkg -L 2>/dev/null |
    grep -vE '^/usr/(share/(doc|man|locale|info|zoneinfo|i18n)|include)/|/__pycache__/|/(examples|ensurepip|lib2to3)/' |
    sort -u >"$2"
  # Names of files only, so that a folder does not bring all that it holds.
  while read -r file; do
    [ -d "$file" ] || [ ! -e "$file" ] || printf '%s\n' "$file"
  done <"$2" >"$2.files"
  tar -C / -c -T "$2.files" 2>/dev/null | tar -C "$root" -x --keep-directory-symlink
  rm "$2" "$2.files"
}

case $("$aws" --version 2>&1) in
  aws-cli/1.*)
    copy_package python3 "$2/list"
    "$(dirname "$aws")/python3" - "$root/opt/aws" <<'END'
import importlib.metadata, os, shutil, sys
for name in ("awscli botocore s3transfer jmespath python-dateutil urllib3 six colorama docutils rsa "
             "pyasn1 PyYAML").split():
    for file in importlib.metadata.distribution(name).files:
        text = str(file)
        if text.startswith("..") or "__pycache__" in text or "/examples/" in text:
            continue
        to = os.path.join(sys.argv[1], text)
        os.makedirs(os.path.dirname(to), exist_ok=True)
        shutil.copyfile(file.locate(), to)
END
    call='PYTHONPATH=/opt/aws exec /usr/bin/python3 -m awscli sts get-caller-identity --output text'
    ;;
  *)
    copy_package awscli "$2/list"
    # Old ones do not read AWS_ENDPOINT_URL, which is all the configuration that there is.
    # shellcheck disable=SC2016 # for the shell in the image
    call='exec /usr/bin/aws --endpoint-url "$AWS_ENDPOINT_URL" sts get-caller-identity --output text'
    ;;
esac
# The other services' models are large where they are not packed; a CLI looks for their names only.
find "$root" -path '*/botocore/data/*/*/*.json' ! -path '*/data/sts/*' -exec truncate -s 0 {} +
cp "$(command -v busybox)" "$root/usr/bin/busybox"
ln -sf busybox "$root/usr/bin/sh"
printf '#!/bin/sh\n%s\n' "$call" >"$root/usr/bin/who-am-i"
chmod 755 "$root/usr/bin/who-am-i"
cat >"$2/Dockerfile" <<'END'
FROM scratch
COPY root /
USER 65534:65534
ENV HOME=/tmp PYTHONDONTWRITEBYTECODE=1
CMD ["/usr/bin/who-am-i"]
END
