package main

import (
	"context"

	"github.com/spf13/pflag"

	"ccx/transform/finding"
)

// verb is one thing that ccx does. Help, dispatch and the hint for a mistyped verb all read the one table.
type verb struct {
	name     string
	synopsis string
	summary  string
	example  string
	groups   []string        // flag groups that it takes, by title
	also     []string        // single flags of other groups
	words    func() []string // what its arguments can be, for completion; nil: files
	do       func(*app, context.Context, *pflag.FlagSet) int

	makesConfig bool // its output is a filtered config
}

// filterVerb is ccx without a verb.
func filterVerb() verb {
	return verb{
		synopsis: "ccx [flags] [FILE]",
		summary:  "filter one compute config: stdin or FILE in, the config with the profile out",
		example:  "ccx -p ml-train -b acme-anyscale < train.yaml | anyscale compute-config create -n train -f /dev/stdin",
		groups:   []string{groupEveryday, groupCloud, groupFacts, groupOutput},
		also:     []string{"report", "mapping"},
		do:       (*app).filter, makesConfig: true,
	}
}

// verbs lists the others. It is a function because help refers to the table itself.
func verbs() []verb {
	return []verb{
		{
			name: "run", synopsis: "ccx run [flags] FILE -- COMMAND [ARG...] {}",
			summary: "filter FILE into a private file and, only on success, run COMMAND with its path for {}",
			example: "ccx run -p ml-train -b acme-anyscale train.yaml -- anyscale compute-config create -n train -f {}",
			groups:  []string{groupEveryday, groupCloud, groupFacts, groupVoice},
			also:    []string{"report", "mapping"},
			do:      (*app).runCommand, makesConfig: true,
		},
		checkRow(),
		{
			name: "snapshot", synopsis: "ccx snapshot [flags] [FILE...]",
			summary: "record the facts that the checks would read, for --snapshot",
			example: "ccx snapshot -p ml-train -b acme-anyscale -o facts.json",
			groups:  []string{groupEveryday, groupCloud, groupFacts, groupOutput},
			also:    []string{"mapping"},
			do:      (*app).snapshot,
		},
		{
			name: "policy", synopsis: "ccx policy [flags] identity|bucket|key|repository|pass-role|reader",
			summary: "print the policy document that lets a role do its work",
			example: "ccx policy bucket -r ml-train -b acme-anyscale > policy.json",
			groups:  []string{groupDocument, groupEveryday, groupCloud, groupFacts, groupOutput},
			words:   policyNames,
			do:      (*app).policy,
		},
		{
			name: "simulate", synopsis: "ccx simulate [flags]",
			summary: "decide one request, or with --lines many with their own policies",
			example: "ccx simulate --snapshot facts.json --principal arn:aws:iam::111122223333:role/ml-train --action s3:PutObject --resource 'arn:aws:s3:::acme-anyscale/*'",
			groups:  []string{groupQuestion, groupFacts, groupVoice},
			do:      (*app).simulate,
		},
		probeRow(),
		initRow(),
		schemaRow(),
		completionRow(),
		manRow(),
		versionRow(),
		helpRow(),
	}
}

func schemaRow() verb {
	return verb{
		name: "schema", synopsis: "ccx schema [NAME]", summary: "print a JSON Schema for editors, or their names",
		example: "ccx schema compute-config > compute-config.schema.json\n" +
			"# yaml-language-server: $schema=compute-config.schema.json   as the first line of a config",
		words: schemaNames,
		do:    (*app).schemas,
	}
}

func versionRow() verb {
	return verb{
		name: "version", synopsis: "ccx version", summary: "print the version of ccx",
		example: "ccx version",
		words:   func() []string { return nil },
		do:      func(a *app, _ context.Context, _ *pflag.FlagSet) int { return a.printVersion() },
	}
}

func helpRow() verb {
	return verb{
		name: "help", synopsis: "ccx help [VERB|CODE|assumptions]", summary: "explain a verb, a code such as s3/write, or what is assumed",
		example: "ccx help s3/write",
		words:   helpTopics,
		do:      (*app).help,
	}
}

func findVerb(name string) (verb, bool) {
	for _, v := range verbs() {
		if v.name == name {
			return v, true
		}
	}
	return verb{}, false
}

// nearVerb suggests the verb that a FILE which does not exist may have been meant as.
func nearVerb(word string) string {
	best, _ := finding.Nearest(word, verbNames())
	return best
}
