# Include this file to filter compute configs with ccx in a Makefile:
#
#     include ccx.mk
#     CCXFLAGS = -p ml-train -b acme-anyscale
#     train: train.ccx.yaml
#     	anyscale compute-config create -n train -f $<
#
# -o writes a whole file or none, so a failed run leaves nothing that looks up to date; .DELETE_ON_ERROR sees to that
# for whatever else makes such files.

CCX ?= ccx
CCXFLAGS ?=

.DELETE_ON_ERROR:

%.ccx.yaml: %.yaml
	$(CCX) $(CCXFLAGS) -o $@ $<
