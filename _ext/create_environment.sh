#!/bin/sh
# Create the virtual environment $1 with $2, or with the newest suitable Python on the PATH.
set -eu
environment=$1
chosen=$2

suitable() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

if [ -n "$chosen" ]; then
    if ! suitable "$chosen"; then
        echo "make: Python 3.11 or newer is needed; PYTHON=$chosen is $("$chosen" --version 2>&1 || echo 'not there')" >&2
        exit 1
    fi
else
    for candidate in python3 python3.13 python3.12 python3.11 python; do
        if suitable "$candidate"; then
            chosen=$candidate
            break
        fi
    done
    if [ -z "$chosen" ]; then
        echo "make: Python 3.11 or newer is needed; python3 is $(python3 --version 2>&1 || echo 'not there'). Install it, or name it: make PYTHON=/path/to/python book" >&2
        exit 1
    fi
fi

echo "Creating $environment with $("$chosen" --version) ..."
rm -rf "$environment"
# Some distributions ship venv without ensurepip; pip can then install itself from outside.
if ! "$chosen" -m venv "$environment" >/dev/null 2>&1; then
    rm -rf "$environment"
    "$chosen" -m venv --without-pip "$environment" &&
        "$chosen" -m pip --python "$environment/bin/python" install --quiet --disable-pip-version-check pip || {
        echo "make: cannot create a virtual environment with $chosen; install its venv module (Debian: python3-venv)" >&2
        rm -rf "$environment"
        exit 1
    }
fi
