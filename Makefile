# radiomicsd. `make` alone lists what there is to make.
#
# A checkout needs a Swift 6.3 toolchain on PATH and Debian 12 (or a relative of it); everything else is fetched:
# Debian's libraries by `make deps`, Swift packages by SwiftPM. `make test` and `make demo` do all of that themselves.

SHELL := /bin/bash

# Debian packages that the build links or includes; the C++ library's headers are for the shim over DCMTK.
DEBIAN_PACKAGES := libinotifytools0-dev libdcmtk-dev libopenjp2-7-dev libsqlite3-dev libdeflate-dev zlib1g-dev \
	libarchive-dev libssl-dev libstdc++-12-dev pkg-config

# Release builds only: the numerical code is ten times slower and more without optimisation.
SWIFT_BUILD := swift build -c release
# Machines that serve need no toolchain: what is installed holds Swift's libraries.
STATIC_BUILD := $(SWIFT_BUILD) --static-swift-stdlib --scratch-path .build-static

PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
LOCALSTATEDIR ?= /var/lib
DESTDIR ?=

.PHONY: help deps toolchain build test check guard guard-accept examples docs python-test demo study bench fuzz faults soak lint format release install deb deb-test dist \
	dist-test clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

deps: ## install the Debian packages that are missing
	@tools/install-debian-packages.sh $(DEBIAN_PACKAGES)

toolchain:
	@command -v swift >/dev/null || { \
	  echo "make: there is no swift on PATH; install the Swift 6.3 toolchain for your system and try again" >&2; exit 1; }

build: deps toolchain ## build radiomicsd and radiomicsd-watch into .build/release
	$(SWIFT_BUILD)

test: deps toolchain ## build everything and run the tests
	$(SWIFT_BUILD) --build-tests
	swift test -c release --skip-build --disable-xctest

# Debug, in a folder of its own: a changed line compiles its own file and what depends on its interface, and the tests of one
# target are linked without the others'. Numbers are not compared here that need minutes without optimisation: CONFIG=release.
CONFIG ?= debug
CHECK := RADIOMICSD_TESTS=$(T)Tests swift
check: toolchain ## lint, build and test one target: make check T=Daemon [CONFIG=release] [FILTER=Suite]
	@test -d "Tests/$(T)Tests" || { echo "make: T names a target with tests: $(patsubst Tests/%Tests,%,$(wildcard Tests/*Tests))" >&2; exit 1; }
	@git diff --name-only HEAD -- '*.swift' | xargs -r -d '\n' ls -d 2>/dev/null | xargs -r -d '\n' swift format lint --strict
	$(CHECK) build -c $(CONFIG) --scratch-path .build-check --product radiomicsdPackageTests
	$(CHECK) test -c $(CONFIG) --scratch-path .build-check --skip-build --disable-xctest $(if $(FILTER),--filter $(FILTER))

guard: deps toolchain ## count the instructions of small workloads; fails where one takes 3 % more than its figure
	-@tools/install-debian-packages.sh valgrind binutils python3
	$(SWIFT_BUILD) --product guard
	@bench/guard/run $(OPTIONS)

guard-accept: ## write what `make guard` counts to bench/guard/figures.json; the commit says why
	@$(MAKE) --no-print-directory guard OPTIONS="--accept --twice"

examples: build ## build the packages in Examples and compare their numbers with the program's
	@tools/examples.sh

docs: toolchain ## make RadiomicsKit's documentation with DocC, in .build-docs/site
	RADIOMICSD_DOCS=1 swift package --scratch-path .build-docs --disable-sandbox --allow-writing-to-directory .build-docs \
	  generate-documentation --target RadiomicsKit --output-path .build-docs/site --transform-for-static-hosting \
	  --warnings-as-errors

python-test: build ## test the Python package with the program: [PYTHON=…, one with PyRadiomics compares with it]
	@tools/test-python.sh

demo: build ## drop a synthetic study into a running daemon and show what comes out
	@tools/demo.sh

study: build ## the paper's design on synthetic phantoms: report in .build/study, demonstration model in etc/models
	@tools/study.sh

bench: release ## time against PyRadiomics and pictologics: make bench [CASES="image.nii.gz,mask.nii.gz …"] [OPTIONS="…"]
	@bench/compare $(OPTIONS) $(CASES)

SECONDS ?= 60
fuzz: deps toolchain ## fuzz the parsers of strangers' files: make fuzz [SECONDS=60] [TARGETS="DICOM NIfTI …"]
	@SECONDS_EACH=$(SECONDS) tools/fuzz.sh $(TARGETS)

faults: toolchain ## which fault is shown by which test; then let the daemon die at every operation (minutes): make faults [CRASH=0]
	@tools/faults.sh
ifneq ($(CRASH),0)
	$(SWIFT_BUILD) --build-tests
	RADIOMICSD_EVERY_CRASH_POINT=1 swift test -c release --skip-build --disable-xctest --filter DaemonRecovery
endif

soak: build ## real faults on the running daemon, a table and .build/soak.json (root; an hour; QUICK=1: minutes): [FAULTS="…"]
	@tools/install-debian-packages.sh python3 samba smbclient rsync unzip acl
	@nice -n 19 bench/soak/run $(FAULTS)

lint: toolchain ## check the formatting, and that forbidden phrases do not increase
	swift format lint --strict --recursive Sources Tests bench/guard/Sources Examples
	@tools/check_english.py

format: toolchain ## format the sources
	swift format --in-place --recursive Sources Tests bench/guard/Sources Examples

release: deps toolchain ## build what `make install` installs, with Swift's libraries linked in
	$(STATIC_BUILD) --product radiomicsd
	$(STATIC_BUILD) --product radiomicsd-watch

install: ## install what `make release` built: [PREFIX=/usr/local] [DESTDIR=]
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" SYSCONFDIR="$(SYSCONFDIR)" LOCALSTATEDIR="$(LOCALSTATEDIR)" \
	  tools/install.sh .build-static/release

deb: release ## make the Debian package from it, in .build-deb: [DEB_REVISION=1]
	@tools/install-debian-packages.sh dpkg-dev binutils python3
	@tools/make-deb.sh .build-static/release .build-deb

deb-test: deb ## install, use, upgrade, remove and purge the package in a bare Debian 12, and boot one (root; minutes)
	@tools/install-debian-packages.sh debootstrap systemd systemd-container lintian mandoc
	@KEEP=1 tools/test-deb.sh .build-deb/radiomicsd_*.deb
	@tools/test-boot.sh .build-deb/radiomicsd_*.deb

dist: release ## make what a release holds, in .build-dist: package, archive, image, SBOM, SHA256SUMS: [SIGN=minisign.key]
	@tools/install-debian-packages.sh dpkg-dev binutils patchelf python3 $(if $(SIGN),minisign)
	@SIGN="$(SIGN)" tools/make-dist.sh .build-static/release .build-dist

dist-test: dist ## run archive and image in bare Debian 12 and 13, and pack twice (root; minutes)
	@tools/install-debian-packages.sh debootstrap minisign podman crun systemd-container procps
	@KEEP=1 tools/test-dist.sh .build-static/release .build-dist
	@KEEP=1 tools/test-boot.sh .build-dist/radiomicsd-*/radiomicsd-*.tar.gz

clean: ## remove what was built
	rm -rf .build .build-aarch64 .build-examples .build-docs .build-check .build-static .build-fuzz .build-deb .build-dist .venv-bench .venv-bench-pictologics
