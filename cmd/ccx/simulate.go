package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/pflag"

	"ccx/transform"
	"ccx/transform/finding"
)

// simulate is `ccx simulate`: one request by flags, or many as JSON lines on stdin. What it prints is data.
func (a *app) simulate(ctx context.Context, flags *pflag.FlagSet) int {
	if message, hint, ok := a.opts.checkValues(flags); !ok {
		return a.usage(message, hint)
	}
	if a.opts.lines {
		return a.simulateLines(ctx, flags)
	}
	source, bad := a.source()
	if bad != nil {
		return a.stop(*bad)
	}
	ctx, cancel := context.WithTimeout(ctx, a.opts.patience())
	defer cancel()
	asked := transform.Asked{
		Principal: a.opts.principal, Action: a.opts.action, Resource: a.opts.resource,
		Region: a.opts.region, Context: a.opts.context, Assume: a.opts.assume,
	}
	got, bad := transform.Simulate(ctx, asked, source)
	if bad != nil {
		return a.stop(*bad)
	}
	if a.opts.json {
		err := json.NewEncoder(a.stdout).Encode(got)
		return a.written(err, verdictCode(got.Verdict))
	}
	return a.written(a.printAnswer(asked, got), verdictCode(got.Verdict))
}

func (a *app) printAnswer(asked transform.Asked, got transform.Simulated) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s: %s on %s by %s\n", got.Verdict, asked.Action, asked.Resource, asked.Principal)
	for _, line := range got.Why {
		fmt.Fprintf(&b, "  %s\n", line)
	}
	for _, line := range got.Assumed {
		fmt.Fprintf(&b, "  assuming that this denies nothing: %s\n", line)
	}
	_, err := a.stdout.Write(b.Bytes())
	return err
}

// written is the status after an output: the data's own, unless it could not be written.
func (a *app) written(err error, code int) int {
	if err != nil {
		return a.stop(finding.New(finding.UsageFile, finding.Place{File: "stdout"}, plainError(err)))
	}
	return code
}

func verdictCode(verdict string) int {
	switch verdict {
	case "allowed":
		return exitDone
	case "depends":
		return exitUnknown
	}
	return exitWrong
}

// badLine answers a line that is no question.
type badLine struct {
	Line  int    `json:"line"`
	Error string `json:"error"`
}

// simulateLines answers each line as it comes, so that a program can ask and wait. A line that is no question is
// answered by an error, and makes the status 1 in the end.
func (a *app) simulateLines(ctx context.Context, flags *pflag.FlagSet) int {
	if flags.NArg() > 1 {
		return a.usage("--lines reads one FILE or stdin", "ccx simulate --lines < questions.jsonl")
	}
	in := a.stdin
	if bad := a.typedStdin("ccx simulate --lines < questions.jsonl"); flags.NArg() == 0 && bad != nil {
		return a.stop(*bad)
	}
	if name := flags.Arg(0); name != "" && name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return a.stop(fileFinding(name, err))
		}
		defer file.Close()
		in = file
	}
	reader, out := bufio.NewReaderSize(in, 1<<16), bufio.NewWriterSize(a.stdout, 1<<16)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	code := exitDone
	for number := 1; ; number++ {
		line, err := reader.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			answer, bad := answerLine(line, number)
			if bad {
				code = exitWrong
			}
			if encoder.Encode(answer) != nil {
				return code // the reader has gone
			}
		}
		// More input is at hand: keep writing together. Else hand over what there is.
		if reader.Buffered() == 0 || err != nil {
			out.Flush()
		}
		switch {
		case errors.Is(err, io.EOF):
			return code
		case err != nil:
			return a.stop(fileFinding(a.opts.stdinName, err))
		case ctx.Err() != nil:
			return code
		}
	}
}

func answerLine(line []byte, number int) (answer any, bad bool) {
	record, err := transform.ParseRecord(line)
	if err != nil {
		return badLine{number, err.Error()}, true
	}
	got, err := record.Decide()
	if err != nil {
		return badLine{number, err.Error()}, true
	}
	return got, false
}
