package transform

import (
	"fmt"
	"strings"

	"ccx/transform/finding"
	"ccx/transform/live"
)

// bucket tries what nodes do to the cloud's bucket.
func (j *probing) bucket() {
	if j.opts.Subject.Bucket == "" {
		j.add(finding.Unsure(finding.ProbeList, finding.Unreachable, finding.Place{}, "whether the caller can use the cloud's bucket: none is known").
			WithHint("name it: -b BUCKET, or --cloud-file with what `anyscale cloud get` printed"))
		return
	}
	j.located = j.p.Locate(j.ctx)
	if j.located.Outcome == live.Missing {
		j.settle(finding.ProbeList, j.located, "list "+j.Scope)
		return
	}
	j.listed = j.p.List(j.ctx)
	j.settle(finding.ProbeList, j.listed, "list "+j.Scope)
	if j.listed.Outcome == live.Missing {
		return
	}
	j.settle(finding.ProbeLocation, j.p.Location(j.ctx), "ask for the location of "+j.Scope)
	read := j.p.Read(j.ctx)
	if !j.ask.Write {
		j.read(read)
		j.add(finding.Skip(finding.ProbeWrite, "writing and deleting are not tried: with --write, one small object is written and deleted"))
		return
	}
	j.write(read)
}

// read judges the answer to a request for a key that is not there.
func (j *probing) read(t live.Tried) {
	can := "read in " + j.Scope
	switch {
	case t.Outcome == live.Missing && t.Code == "NoSuchKey":
		j.pass(finding.ProbeRead, "the caller can "+can, "asked for a key that is not there, S3 says so: it does not say that to those who may not read",
			"the bucket's KMS key, if it has one, is tried with --write only")
	case t.Outcome == live.Refused && (t.Names() && t.Action == "s3:ListBucket" || !t.Names() && j.located.Outcome != live.Works):
		j.add(finding.Unsure(finding.ProbeRead, finding.Unreadable, finding.Place{}, "whether the caller can "+can).WithDetails(said(t)...).
			WithDetails("asked for a key that is not there, S3 gives this answer to those who may not list the whole bucket, too").
			WithHint("--write tells: it reads an object of its own"))
	default:
		j.settle(finding.ProbeRead, t, can)
	}
}

// write writes one object and begins one upload, and judges what became of them.
func (j *probing) write(read live.Tried) {
	if why := j.unlocked(); why != nil {
		j.read(read)
		j.add(*why)
		return
	}
	key := j.p.Key()
	j.announce(fmt.Sprintf("writing %s, and deleting it", j.p.Name(key)))
	w := j.p.Write(j.ctx, key)
	j.judgeWritten(w, read)
	switch {
	case j.cut():
		j.add(j.interrupted())
		return
	case w.Put.Outcome != live.Works:
		j.add(finding.Skip(finding.ProbeMultipart, "multipart uploads are not tried: the object could not be written"))
		return
	}
	key = j.p.Key()
	j.announce(fmt.Sprintf("beginning a multipart upload to %s, and aborting it", j.p.Name(key)))
	j.judgeUploaded(j.p.Upload(j.ctx, key))
}

func (j *probing) announce(line string) {
	if j.ask.Announce != nil {
		j.ask.Announce(line)
	}
}

// unlocked returns nil when Object Lock is off or the user accepts what it does, else the finding that says why nothing
// is written.
func (j *probing) unlocked() *finding.Finding {
	lock, t := j.p.Lock(j.ctx)
	if lock.Known && !lock.On || j.ask.AcceptLock && !j.cut() {
		return nil
	}
	f := finding.Unsure(finding.ProbeWrite, finding.Unreadable, finding.Place{}, fmt.Sprintf("whether the caller can write in %s: nothing was written", j.Scope))
	switch {
	case lock.On && lock.Mode != "":
		f = f.WithDetails(fmt.Sprintf("Object Lock would keep the object: the bucket's default retention is %s, %s", lock.Mode, period(lock)))
	case lock.On:
		f = f.WithDetails("Object Lock is on, without a default retention: the object's version would stay until somebody deletes it")
	case t.Outcome == live.Refused:
		f = f.WithDetails("whether Object Lock would keep the object is not known: " + t.Action + " is denied")
	default:
		f.Cause = finding.Unreachable
		return ptr(f.WithDetails("whether Object Lock would keep the object is not known: " + t.Why.Reason()).WithHint(probeHint(t.Code)))
	}
	hint := "if you know that the bucket has no Object Lock, or the object may stay: --accept-object-lock"
	if lock.On {
		hint = "if the object may stay: --accept-object-lock"
	}
	f = f.WithHint(hint)
	return &f
}

func ptr(f finding.Finding) *finding.Finding { return &f }

func period(l live.Lock) string {
	if l.Years > 0 {
		return fmt.Sprintf("%d years", l.Years)
	}
	return fmt.Sprintf("%d days", l.Days)
}

// judgeWritten judges the three actions on the object.
func (j *probing) judgeWritten(w live.Written, read live.Tried) {
	writes := "write in " + j.Scope
	j.settle(finding.ProbeWrite, w.Put, writes)
	if isKMS(w.Put.Action) && w.Put.Outcome != live.Unanswered {
		j.add(finding.Skip(finding.ProbeWrite, "S3 allows it, the bucket's KMS key does not"))
	}
	switch w.Get.Outcome {
	case live.NotTried:
		j.read(read)
	case live.Works:
		j.pass(finding.ProbeRead, "the caller can read in "+j.Scope, "read what was just written")
	case live.Missing:
		j.add(finding.Unsure(finding.ProbeRead, finding.Unreachable, finding.Place{}, "whether the caller can read in "+j.Scope).
			WithDetails("S3 does not have what was just written: " + w.Get.Code).WithHint("is a lifecycle rule, or somebody else, at work in the bucket? run it again"))
	default:
		j.settle(finding.ProbeRead, w.Get, "read in "+j.Scope)
	}
	j.judgeDeleted(w)
}

// judgeDeleted judges the DELETE, and says what is left in the bucket.
func (j *probing) judgeDeleted(w live.Written) {
	name := j.p.Name(w.Key)
	switch {
	case w.Delete.Outcome == live.NotTried:
		j.add(finding.Skip(finding.ProbeDelete, "deleting is not tried: nothing was written"))
		return
	case w.Delete.Outcome == live.Works && w.Put.Outcome == live.Works:
		j.pass(finding.ProbeDelete, "the caller can delete in "+j.Scope, name+" is deleted")
	case w.Delete.Outcome == live.Works:
		j.pass(finding.ProbeDelete, "the caller can delete in "+j.Scope, "S3 did not answer the PUT, so that "+name+" was deleted in any case: look again in a minute")
	case w.Put.Outcome == live.Works:
		j.settle(finding.ProbeDelete, w.Delete, "delete in "+j.Scope)
		j.left(finding.ProbeDelete, name+" is still there", "aws s3 rm "+name)
	default:
		j.settle(finding.ProbeDelete, w.Delete, "delete in "+j.Scope)
		j.left(finding.ProbeDelete, name+" may be there: S3 answered neither the PUT nor the DELETE", "aws s3 rm "+name)
	}
	j.versions(w)
}

// left says what the probe leaves behind, and how to take it away.
func (j *probing) left(code finding.Code, what, command string) {
	j.add(finding.New(code, finding.Place{}, what).AtLevel(finding.Warning).WithHint("with credentials that may: " + command))
}

// versions says what versioning keeps of the object.
func (j *probing) versions(w live.Written) {
	if w.Version == "" && w.Marker == "" {
		return
	}
	bucket := j.opts.Subject.Bucket
	var kept, commands []string
	for _, v := range []struct{ what, id string }{{"the version", w.Version}, {"the delete marker", w.Marker}} {
		if v.id != "" && !(v.what == "the version" && v.id == "null" && w.Marker != "") {
			kept = append(kept, v.what+" "+v.id)
			commands = append(commands, fmt.Sprintf("aws s3api delete-object --bucket %s --key %s --version-id %s", bucket, w.Key, v.id))
		}
	}
	j.add(finding.New(finding.ProbeDelete, finding.Place{}, fmt.Sprintf("versioning keeps %s of %s", strings.Join(kept, " and "), j.p.Name(w.Key))).
		AtLevel(finding.Note).WithHint(strings.Join(commands, "\n")))
}

// judgeUploaded judges the multipart upload: it is as bad as its worst action.
func (j *probing) judgeUploaded(u live.Uploaded) {
	can := "manage multipart uploads in " + j.Scope
	worst := u.Create
	for _, t := range []live.Tried{u.Abort, u.Parts, u.Uploads} {
		if worst.Outcome == live.Works && t.Outcome != live.Works {
			worst = t
		}
	}
	if worst.Outcome == live.NotTried {
		j.add(j.interrupted())
	} else {
		j.settle(finding.ProbeMultipart, worst, can)
	}
	if u.Left() {
		command := fmt.Sprintf("aws s3api abort-multipart-upload --bucket %s --key %s --upload-id %s", j.opts.Subject.Bucket, u.Key, or(u.ID, "ID"))
		j.left(finding.ProbeMultipart, fmt.Sprintf("a multipart upload to %s is, or may be, left: it holds nothing", j.p.Name(u.Key)), command)
	}
}

// interrupted says that the run ended before all was tried. That is no fault of the node's, and no success.
func (j *probing) interrupted() finding.Finding {
	return finding.Unsure(finding.ProbeMultipart, finding.Unreachable, finding.Place{}, "whether the caller can manage multipart uploads in "+j.Scope).
		AtLevel(finding.Error).WithDetails("interrupted, or out of time: what was begun is taken back").WithHint("run it again; --timeout gives it longer")
}

// mend says how the caller gets the right, in the words of the next command.
func (j *probing) mend(code finding.Code, t live.Tried) string {
	switch {
	case strings.Contains(t.Because, "explicit deny"):
		return "a Deny can't be outvoted: ccx check " + j.flags() + " FILE names the statement, where policies may be read"
	case code == finding.ProbeLogin:
		return "ccx policy identity " + j.flags() + " --image URI prints what the role's own policies lack: nothing else can grant the token"
	case code == finding.ProbePull:
		return "ccx policy repository " + j.flags() + " --image URI prints the statement that lets the role pull"
	}
	return "ccx policy bucket " + j.flags() + " prints the statement to add; ccx check says which policy decides"
}

// flags are those of the next command.
func (j *probing) flags() string {
	s := j.opts.Subject
	who := "-r ROLE"
	role, isRole := sessionRole(j.caller.ARN)
	switch {
	case s.Role != "":
		who = "-r " + s.Role
	case s.Profile != "":
		who = "-p " + s.Profile
	case isRole:
		who = "-r " + role.role
	}
	if s.Bucket == "" {
		return who
	}
	return who + " -b " + strings.TrimPrefix(j.Scope, "s3://")
}

// bucketFrom says where the bucket's name comes from.
func (j *probing) bucketFrom() string {
	if j.opts.Cloud != "" {
		return "anyscale cloud get -n " + j.opts.Cloud + " shows it"
	}
	return "anyscale cloud get -n CLOUD shows it"
}
