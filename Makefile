# `make help` lists the targets. All of them need Go; `make test` needs Python 3.10 or newer
# as well, and `make crosscheck` Node.js 18 or newer, too.

GO ?= go
FUZZTIME ?= 60s
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
PLATFORMS = linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64
TESTFLAGS ?=

SOURCES = find . -path './.*' -prune -o -name '*.go' -print

.DELETE_ON_ERROR:
.PHONY: help build test lint crosscheck bench bench-scale bench-snapshot faults measure fuzz cross clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build ./ccx
	$(GO) build -trimpath ./cmd/ccx

test: ## all set-up and every test: Go's own, then the real client, a shell and moto
	$(GO) test $(TESTFLAGS) ./...
	$(GO) test $(TESTFLAGS) -tags acceptance -count=1 -timeout 25m ./cmd/ccx/acceptance

lint: ## gofmt, go vet and staticcheck
	@unformatted=$$($(SOURCES) | xargs gofmt -l) && test -z "$$unformatted" || \
		{ echo "not formatted by gofmt:"; echo "$$unformatted"; exit 1; }
	$(GO) vet ./...
	$(GO) vet -tags acceptance,browser,crosscheck,bench,shells ./...
	$(GO) run $(STATICCHECK) -tags acceptance,browser,crosscheck,bench,shells ./...

# Second opinions of programs that are no part of ccx. Recorded decisions and real configs come on top where they are at hand.
crosscheck: ## compare with other evaluators and with PyYAML; VECTORS=DIR CORPUS=DIR add recorded decisions and real configs
	@test -z "$(VECTORS)" || test -d "$(VECTORS)" || { echo "VECTORS is not a folder: $(VECTORS)"; exit 1; }
	@test -z "$(CORPUS)" || test -d "$(CORPUS)" || { echo "CORPUS is not a folder: $(CORPUS)"; exit 1; }
	$(GO) test $(TESTFLAGS) -tags acceptance,crosscheck -count=1 -timeout 20m -run '^TestPeer' ./cmd/ccx/acceptance
	$(GO) test $(TESTFLAGS) -tags crosscheck -count=1 -run '^TestHundredThousand$$' ./transform/policy
	CCX_PYTHON="$(abspath .cache/venv/bin/python)" $(GO) test $(TESTFLAGS) -tags crosscheck -count=1 -timeout 20m -run '^TestPyYAML' ./transform/document
	@test -z "$(VECTORS)" || CCX_VECTORS="$(abspath $(VECTORS))" \
		$(GO) test $(TESTFLAGS) -tags crosscheck -count=1 -run '^TestVectors$$' ./transform/policy
	@test -z "$(CORPUS)" || CCX_CORPUS="$(abspath $(CORPUS))" CCX_PYTHON="$(abspath .cache/venv/bin/python)" \
		$(GO) test $(TESTFLAGS) -tags acceptance,browser,crosscheck -count=1 -timeout 60m -run Corpus \
		./transform/document ./transform/anyscale ./cmd/ccx/acceptance

bench: ## how fast policies are decided and proved, beside other evaluators
	$(GO) test -tags bench -count=1 -run '^TestBenchTable$$' -v ./transform/policy
	$(GO) test -tags acceptance,bench -count=1 -run '^TestBenchPeer$$' -v ./cmd/ccx/acceptance

bench-scale: ## what ccx check of 10,000 configs over five clouds takes: time, memory and AWS calls
	$(GO) test -tags acceptance,bench -count=1 -timeout 20m -run '^TestBenchScale$$' -v ./cmd/ccx/acceptance

bench-snapshot: ## what a snapshot of 5,000 roles costs ccx, and jq on the same file
	$(GO) test -tags bench -count=1 -run '^TestBenchSnapshot$$' -v ./cmd/ccx

faults: ## print what each fault does in each call to AWS
	$(GO) test -count=1 -v -run '^TestFaultMatrix$$' ./transform/live | sed -n '/right all the same/,/^ *--- /p' | grep -v -e '--- '

measure: ## print calls, round trips and time of a check, with 50 ms added to each answer
	$(GO) test -count=1 -v -run '^TestRoundTrips$$' ./transform/live | grep 'round trips'
	$(GO) test -run '^$$' -bench Gather -benchtime 10x ./transform/live

fuzz: ## run each fuzz target for FUZZTIME (60s)
	@GO="$(GO)" FUZZTIME="$(FUZZTIME)" sh .ci/fuzz

cross: ## build for every platform into dist/
	@for platform in $(PLATFORMS); do \
		os=$${platform%/*} arch=$${platform#*/} suffix=; \
		if test $$os = windows; then suffix=.exe; fi; \
		echo "$$os/$$arch"; \
		CGO_ENABLED=0 GOOS=$$os GOARCH=$$arch $(GO) build -trimpath -o dist/ccx-$$os-$$arch$$suffix ./cmd/ccx || exit 1; \
	done

clean: ## remove what was built, the virtual environment included
	rm -rf ccx dist .cache
