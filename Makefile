# Every task is one word. `make` alone lists them; what they do stands in a few short scripts in .ci/.
export PATH := $(CURDIR)/.venv/bin:$(PATH)
ROUNDS ?= 200

# A company's own certificate authority is in the system's list, not in those that pip, uv and npm bring along.
ifneq (,$(wildcard /etc/ssl/certs/ca-certificates.crt))
export SSL_CERT_FILE ?= /etc/ssl/certs/ca-certificates.crt
export PIP_CERT ?= $(SSL_CERT_FILE)
export NODE_EXTRA_CA_CERTS ?= $(SSL_CERT_FILE)
endif
# A lock is the same wherever its packages were fetched from.
export NPM_CONFIG_OMIT_LOCKFILE_REGISTRY_RESOLVED := true

help:        ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

setup:       ## install what the product needs; takes a second when nothing changed
	@.ci/setup

run: setup   ## start the product and print its address
	@greenlane serve

dev: setup   ## start it so that it builds and reloads when a file changes
	@greenlane sign-in
	@REFLEX_USE_NPM=1 reflex run --env preview # one port, behind the gate, unlike --env dev

test:        ## install what the tests need, run all of them, print the minutes of each part
	@.ci/setup tests
	@python .ci/parts.py test

check: tools ## format, lint, types, import contracts, canvas, unit tests; changes nothing, under a minute
	@python .ci/parts.py check

fix: tools   ## format the code and repair what can be repaired without thinking
	@.ci/fix

kill: tools  ## kill and restart the engine ROUNDS times (200), count what is lost or repeated; DATABASE=postgres
	@python -m tests.kill --rounds $(ROUNDS)

attack: tools ## try every handler and every route as everybody, with what is not theirs; count what escapes
	@python -m tests.attack

story:       ## play the whole mission in a browser; SHOTS=1 keeps screenshots of every screen in .data/story
	@.ci/setup tests
	@python -m tests.story $(if $(SHOTS),--shots)

conformance: tools ## import and run the public cases of Dify that lie in ../shared/dify; ONLY=--command by greenlane run
	@python -m tests.conformance $(ONLY)

bench: tools ## measure speed, with the switches it was measured with
	@python -m tests.bench

nightly:     ## the long ones: everything of `make test`, the nightly tests, kill, bench
	@.ci/setup tests
	@python .ci/parts.py nightly

new-node: setup ## write a step type and its test: make new-node name=data.join_text title="Join text"
	@python .ci/new_node.py "$(name)" "$(title)"

tools:
	@.ci/setup tools

.PHONY: help setup run dev test check fix kill attack story conformance bench nightly new-node tools
