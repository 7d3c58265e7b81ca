package anyscale

import (
	"fmt"

	"ccx/transform/document"
	"ccx/transform/finding"
)

// Mode says what happens to a different profile that is there already.
type Mode uint8

// The modes, as --existing names them.
const (
	Refuse  Mode = iota // a finding with both places; nothing is written
	Keep                // it stays, and only empty sites are filled
	Replace             // it is replaced
)

// Action says what becomes of a site.
type Action uint8

// The actions.
const (
	Left     Action = iota // nothing: the config is for another provider, or nothing is asked for this site
	Same                   // the wanted profile was there; untouched
	Kept                   // a different one was there and stays
	Added                  // a profile was put where there was none
	Replaced               // a different one was there and is gone
	Removed                // a profile was there and none is now
)

// String returns the word used in reports.
func (a Action) String() string {
	return [...]string{"left", "same", "kept", "added", "replaced", "removed"}[a]
}

// writes reports whether the action changes the text.
func (a Action) writes() bool { return a >= Added }

// Placed is a site that was done.
type Placed struct {
	Site   Site
	Action Action
	Line   int // 1-based line of the profile in the output; 0 when there is none
}

// Result is what was written.
type Result struct {
	Out     []byte          // the whole output; the input itself when nothing had to change
	Edits   []document.Edit // the splices of the input that made it, by offset and one at each
	Done    []Placed        // every site, in the order of File.Sites
	Added   int             // lines of the output that the input has not
	Changed int             // lines of the input that are gone or look different
}

// plan is what is to be done at one site.
type plan struct {
	action Action
	ref    Ref
}

// Inject puts ref at every site. same says whether an existing profile is the wanted one (a name equals an ARN only if
// facts say so); nil compares the texts. The Result is empty when a finding stops it. Codes: config/existing when
// another profile is there, shared when an alias would carry the profile elsewhere, and the note site for each node
// that got one.
func (f *File) Inject(ref Ref, same func(Existing) bool, mode Mode) (Result, []finding.Finding) {
	return f.InjectEach(func(Site) Ref { return ref }, func(e Existing, _ Ref) bool {
		if same != nil {
			return same(e)
		}
		return equalText(e, ref)
	}, mode)
}

// InjectEach is Inject with a profile a site (--node); the zero Ref leaves a site as it is.
func (f *File) InjectEach(want func(Site) Ref, same func(Existing, Ref) bool, mode Mode) (Result, []finding.Finding) {
	if same == nil {
		same = equalText
	}
	plans, fs := f.decide(want, same, mode)
	if stopped(fs) {
		return Result{}, fs
	}
	return f.carryOut(plans, fs)
}

// Remove takes the profile out of every site, and the block with it where nothing else is left in it.
func (f *File) Remove() (Result, []finding.Finding) {
	var plans []plan
	for _, c := range f.Configs {
		for _, s := range c.Sites {
			p := plan{}
			if s.Existing != nil && c.Carries() {
				p.action = Removed
			}
			plans = append(plans, p)
		}
	}
	return f.carryOut(plans, nil)
}

func equalText(e Existing, ref Ref) bool {
	return ref.ARN != "" && e.ARN == ref.ARN || ref.ARN == "" && e.Name == ref.Name
}

// decide plans each site in the order of File.Sites.
func (f *File) decide(want func(Site) Ref, same func(Existing, Ref) bool, mode Mode) ([]plan, []finding.Finding) {
	var plans []plan
	var fs []finding.Finding
	for _, c := range f.Configs {
		for _, s := range c.Sites {
			p := plan{ref: want(s)}
			switch {
			case !c.Carries() || p.ref == Ref{}:
			case s.Existing == nil:
				p.action = Added
			case same(*s.Existing, p.ref):
				p.action = Same
			case mode == Keep:
				p.action = Kept
			case mode == Replace:
				p.action = Replaced
			default:
				fs = append(fs, otherProfile(s, p.ref))
			}
			if (p.action == Added || p.action == Replaced) && !s.Cluster {
				fs = append(fs, ownBlock(s))
			}
			plans = append(plans, p)
		}
	}
	return plans, fs
}

func otherProfile(s Site, ref Ref) finding.Finding {
	return finding.New(finding.ConfigExisting, s.Existing.At.Place(), fmt.Sprintf("the %s has another instance profile already: %s", s.Label, shorten(s.Existing.String()))).
		WithDetails("asked for: " + ref.String()).
		WithHint("--existing=keep leaves it (and checks it), --existing=replace puts the other in its place")
}

func ownBlock(s Site) finding.Finding {
	message := "%s has its own instance config, so it ignores the cluster level: the profile goes there too"
	if s.Node.Find(s.Path...) == nil {
		message = "%s gets an instance config of its own for its profile, and ignores the cluster level from now on"
	}
	return finding.New(finding.ConfigSite, s.Place(), fmt.Sprintf(message, s.Label)).AtLevel(finding.Note)
}

// carryOut writes what is planned. A document that has to be brought into another form first (a second document folded
// in, a printout unwrapped) is written in two steps, whose splices are joined to splices of the input.
func (f *File) carryOut(plans []plan, fs []finding.Finding) (Result, []finding.Finding) {
	work, first, refusal := f.normal()
	if refusal == nil {
		var second []document.Edit
		var out []byte
		if out, second, refusal = work.write(plans); refusal == nil {
			edits := second
			if len(first) > 0 {
				edits = join(f.Doc.Src, first, work.Doc.Src, second)
			}
			res := Result{Out: out, Edits: gathered(f.Doc.Src, edits)}
			res.Added, res.Changed = countLines(f.Doc.Src, out, edits)
			if refusal = f.confirm(&res, plans); refusal == nil {
				return res, fs
			}
		}
	}
	return Result{}, []finding.Finding{*refusal}
}

// confirm reads the output back: every site must have what was planned, or nothing is given out.
func (f *File) confirm(res *Result, plans []plan) *finding.Finding {
	again, refused := f.reread(res.Out)
	sites := f.Sites()
	if refused != nil {
		return f.branched(sites, refused)
	}
	if again == nil || len(again.Sites()) < len(sites) && !removes(plans) {
		return f.unsafe(f.root, "the output does not read back as it was meant")
	}
	found := map[string]*Existing{}
	for _, s := range again.Sites() {
		found[s.Label+s.pointer] = s.Existing
	}
	for i, s := range sites {
		now := found[s.Label+f.outside(s.pointer)]
		p := plans[i]
		wrong := p.action.writes() && p.action != Removed && (now == nil || !equalText(*now, p.ref)) || p.action == Removed && now != nil
		if wrong {
			return f.unsafe(s.Node, "the output does not have the profile at the "+s.Label)
		}
		done := Placed{Site: s, Action: p.action}
		if now != nil {
			done.Line = now.At.Place().Line
		}
		res.Done = append(res.Done, done)
	}
	return nil
}

func removes(plans []plan) bool {
	for _, p := range plans {
		if p.action == Removed {
			return true
		}
	}
	return false
}

func (f *File) unsafe(at *document.Node, why string) *finding.Finding {
	x := finding.New(finding.ConfigShared, at.KeyPlace(), "this can't be edited safely: "+why).
		WithHint("write the block without aliases and merge keys, or make the change by hand")
	return &x
}

// branched refuses what can't be written because of a template's statements.
func (f *File) branched(sites []Site, why *finding.Finding) *finding.Finding {
	at := f.root
	if len(sites) > 0 {
		at = sites[0].Node
	}
	x := finding.New(finding.ConfigTemplate, at.KeyPlace(), "a profile can't be put here: "+why.Message).WithHint(why.Hint)
	return &x
}

// reread reads an output as the input was read; nil if nothing comes of it. What stops it because of a template's
// statements, which the input's own reading did not, is returned with it.
func (f *File) reread(text []byte) (*File, *finding.Finding) {
	parse := document.Parse
	if f.opts.Template {
		parse = document.ParseTemplate
	}
	doc, said := parse(f.Doc.Name, text)
	if doc == nil {
		return nil, nil
	}
	file, more := Read(doc, f.opts)
	for _, one := range append(said, more...) {
		if one.Stops() && one.Code == finding.ConfigTemplate {
			return file, &one
		}
	}
	return file, nil
}
