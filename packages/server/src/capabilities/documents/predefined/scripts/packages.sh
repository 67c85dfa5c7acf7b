
# Packages by whatever the distribution has for them: $manager is apt-get, dnf, yum, zypper, apk or empty.
manager=
for manager in apt-get dnf yum zypper apk ''; do
  if has "$manager"; then break; fi
done

# package_version NAME: of an installed package; nothing if it is not installed.
package_version() {
  # shellcheck disable=SC2016 # The format is that of dpkg-query.
  case $manager in
    apt-get) dpkg-query -W -f '${db:Status-Status} ${Version}\n' "$1" 2>/dev/null | sed -n 's/^installed //p' | head -n 1 ;;
    apk) apk info -e -v "$1" 2>/dev/null | sed "s/^$1-//" ;;
    *) rpm -q "$1" >/dev/null 2>&1 && rpm -q --qf '%{VERSION}-%{RELEASE}\n' "$1" | head -n 1 ;;
  esac
}

# install_package NAME [VERSION]
install_package() {
  case $manager in
    # The lists are fetched only when the package is not in those that are there.
    apt-get) run_apt install "$1${2:+=$2}" || { apt-get -q update && run_apt install "$1${2:+=$2}"; } ;;
    dnf | yum) "$manager" -y install "$1${2:+-$2}" ;;
    zypper) zypper --non-interactive install --oldpackage "$1${2:+=$2}" ;;
    apk) apk add --no-cache "$1${2:+=$2}" ;;
    *) complain 'This node has none of apt-get, dnf, yum, zypper and apk' && return 1 ;;
  esac
}

remove_package() {
  case $manager in
    apt-get) run_apt remove "$1" ;;
    dnf | yum) "$manager" -y remove "$1" ;;
    zypper) zypper --non-interactive remove "$1" ;;
    apk) apk del "$1" ;;
  esac
}

run_apt() {
  DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=300 --allow-downgrades "$@"
}
