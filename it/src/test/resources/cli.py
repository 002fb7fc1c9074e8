# SPDX-License-Identifier: Apache-2.0
"""Runs commands of the real AWS CLI, release 1, in this one process.

Each line of standard input is a request, {"service", "operation", "input"} with the operation's wire
name and its input in the form of its JSON protocol; each line of the answer is {"words", "code",
"out", "err"}: the command, its exit code and what it printed.
"""

import base64
import json
import os
import shutil
import sys
import tempfile

from awscli.clidriver import create_clidriver
from botocore import xform_name

# What the CLI itself asks for, beside the operation's own members, which it then wants as words too.
BESIDE = {"CreateVirtualMFADevice": ["--bootstrap-method", "Base32StringSeed", "--outfile", "seed"]}

# The CLI looks for its plugin before it calls; where that is missing, something of that name will do.
PLUGIN = "session-manager-plugin"


def words(driver, folder, service, operation, given):
    model = driver.session.get_service_model(service).operation_model(operation)
    members = model.input_shape.members if model.input_shape else {}
    command = [service, xform_name(operation, "-")]
    rest = {}
    for name, value in given.items():
        option = "--" + xform_name(name, "-")
        if members[name].type_name == "blob":
            path = os.path.join(folder, name)
            with open(path, "wb") as blob:
                blob.write(base64.b64decode(value))
            command += [option, "fileb://" + path]
        elif operation in BESIDE:
            command += [option, value]
        else:
            rest[name] = value
    if operation in BESIDE:
        return command + BESIDE[operation]
    return command + ["--cli-input-json", json.dumps(rest)]


def run(driver, folder, command):
    kept = os.dup(1), os.dup(2)
    paths = [os.path.join(folder, name) for name in ("out", "err")]
    try:
        for number, path in enumerate(paths, start=1):
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(file, number)
            os.close(file)
        try:
            code = driver.main(command)
        except SystemExit as end:
            code = end.code
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        for number, file in enumerate(kept, start=1):
            os.dup2(file, number)
            os.close(file)
    texts = []
    for path in paths:
        with open(path, encoding="utf-8") as said:
            texts.append(said.read())
    return {"code": code, "out": texts[0], "err": texts[1]}


def main():
    driver = create_clidriver()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        if not shutil.which(PLUGIN):
            os.symlink("/bin/true", os.path.join(folder, PLUGIN))
            os.environ["PATH"] += os.pathsep + folder
        for line in sys.stdin:
            asked = json.loads(line)
            command = words(driver, folder, asked["service"], asked["operation"], asked["input"])
            print(json.dumps({"words": " ".join(command), **run(driver, folder, command)}), flush=True)


main()
