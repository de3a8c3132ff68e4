#!/bin/sh
# ./build.sh ARGS is dotnet cake ARGS on a machine that may have nothing yet: it names a missing .NET SDK and installs the
# Debian packages that NuGet and the native bridges need.
set -eu
cd "$(dirname "$0")"
ready=artifacts/cake/ready

# dotnet and NuGet keep their files in HOME; a container's user may have none.
if [ ! -w "${HOME:-}" ]; then
  export HOME="$PWD/artifacts/home"
  mkdir -p "$HOME"
fi

fail() {
  printf '%s\n' "$@" >&2
  exit 2
}

needed() {
  echo "ca-certificates cmake make g++ libdeflate-dev libgdcm-dev libhdf5-dev libopenblas0-pthread libopencv-dev libtiff-dev"
  [ -n "${LIBTORCH:-}" ] || echo "libtorch-dev"
}

missing() {
  for package in $(needed); do
    status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null) || status=
    case $status in *" installed") ;; *) printf '%s ' "$package" ;; esac
  done
}

install() {
  if [ "$(id -u)" = 0 ]; then
    sudo=
  elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    sudo=sudo
  else
    fail "Packages are missing. As root, run:" "  apt-get update && apt-get install --no-install-recommends $*"
  fi
  echo "Installing $*" >&2
  $sudo apt-get update -q >&2 || echo "Not every list of packages could be read; going on with those that could." >&2
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" >&2 ||
    fail "They could not be installed. As root, run:" "  apt-get install --no-install-recommends $*"
}

prepare() {
  sdk=$(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' global.json)
  command -v dotnet >/dev/null || fail "The .NET SDK is missing: install version $sdk or a later one of the same major version, then run this again."
  # Without ICU, which comes with the packages, no answer would come.
  said=$(DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 dotnet --version 2>&1) ||
    fail "No installed .NET SDK will do: global.json asks for $sdk or a later one of the same major version. dotnet says:" "$said"

  if command -v dpkg-query >/dev/null; then
    packages=$(missing)
    # shellcheck disable=SC2086  # a list of names
    [ -z "$packages" ] || install $packages
  else
    echo "This is not Debian: see to it that CMake, a C++17 compiler, OpenBLAS, OpenCV 4, GDCM 3, HDF5, libtiff, libdeflate and libtorch 1.13 or later (or LIBTORCH=FOLDER) are there." >&2
  fi

  dotnet tool restore >/dev/null || fail "dotnet tool restore failed; run it by itself to see why."
  mkdir -p "$(dirname "$ready")"
  touch "$ready"
}

for source in build.sh global.json .config/dotnet-tools.json; do
  if [ ! -e "$ready" ] || [ "$source" -nt "$ready" ]; then
    prepare
    break
  fi
done

# Behind -- no word is taken for the name of a script, as the second file of --csv a.csv b.csv would be: all are the program's.
exec dotnet cake -- "$@"
