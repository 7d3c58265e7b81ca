package live

import (
	"ccx/transform/account"
)

// recordBucket records a bucket, its owner if one is proved, and what the owner's credentials could read.
func (r *run) recordBucket(rec *account.Recorder, b account.BucketWant, w account.Wants) {
	key := account.BucketKey(b.Name)
	where := r.startBucket(b, w)(r.ctx)
	switch {
	case where.State != account.Known:
		rec.Unread(key, where.Unread)
		return
	case where.Value.state == account.None:
		rec.Bucket(b.Name, nil)
		return
	case where.Value.state != account.Known:
		rec.Unread(key, where.Value.why)
		return
	}
	detail := &account.BucketDetail{Region: where.Value.region}
	if detail.Region == "" {
		rec.Unread(key, account.Unread{Class: account.Unreachable, Operation: "s3:ListBucket", Code: "UnexpectedAnswer",
			Message: "S3 does not say in which region the bucket is"})
	}
	owner, why := r.proveOwner(b, w, where.Value)
	if why.Class != account.NoClass {
		rec.Unread(key+account.OwnerPart, why)
	}
	detail.Account = owner.owner
	r.recordParts(rec, b.Name, detail, owner, why)
	if owner.owner != "" {
		r.owners = append(r.owners, owner.owner)
		r.recordAccountBlock(rec, owner.session, owner.owner)
	}
	rec.Bucket(b.Name, detail)
}

// proveOwner returns the candidate that a 200 proves to be the owner, or why none does.
func (r *run) proveOwner(b account.BucketWant, w account.Wants, where place) (candidate, account.Unread) {
	var why account.Unread
	for _, c := range r.candidates(b, w, where.proven) {
		if where.proven != "" {
			return c, account.Unread{}
		}
		answer := r.startHead(c.session, b.Name, where.region, c.owner)(r.ctx)
		if answer.Value.proven || c.ours && r.startParts(c, b.Name, where.region).any(r) {
			return c, account.Unread{}
		}
		if why.Class == account.NoClass {
			why = answer.Unread
		}
	}
	if why.Class != account.NoClass {
		return candidate{}, why
	}
	why = account.Unread{Class: account.Elsewhere, Account: b.Owner}
	if caller := r.own().identity()(r.ctx); caller.State == account.Known {
		why.Caller = caller.Value.ARN
	}
	return candidate{}, why
}

// any reports whether one of the requests was answered with a 200.
func (p parts) any(r *run) bool {
	return p.policy(r.ctx).State == account.Known || p.encryption(r.ctx).State == account.Known ||
		p.ownership(r.ctx).State == account.Known || p.block(r.ctx).State == account.Known
}

// recordParts records what only the owner's credentials can read; why says why the owner is not known.
func (r *run) recordParts(rec *account.Recorder, name string, detail *account.BucketDetail, owner candidate, why account.Unread) {
	key, policy := account.BucketKey(name), account.ResourcePolicyKey(r.bucketARN(name, detail.Region))
	if !owner.ours {
		if why.Class == account.NoClass {
			_, why, _ = owner.session.owner(owner.owner)
		}
		for _, part := range []string{account.EncryptionPart, account.OwnershipPart, account.PublicAccessBlockPart} {
			rec.Unread(key+part, why)
		}
		rec.Unread(policy, why)
		return
	}
	p := r.startParts(owner, name, detail.Region)
	detail.Encryption = part(r, rec, key+account.EncryptionPart, p.encryption)
	if detail.Encryption.Value != nil {
		for _, arn := range r.keysOf(detail.Encryption.Value, owner.owner, detail.Region) {
			r.recordKey(rec, arn)
		}
	}
	detail.Ownership = part(r, rec, key+account.OwnershipPart, p.ownership)
	detail.Block = part(r, rec, key+account.PublicAccessBlockPart, p.block)
	if answer := part(r, rec, policy, p.policy); answer.Read {
		rec.ResourcePolicy(r.bucketARN(name, detail.Region), answer.Value)
	}
}

// part waits for a part of a bucket, and records why it was not read.
func part[T any](r *run, rec *account.Recorder, key string, answer future[*T]) account.Part[*T] {
	got := answer(r.ctx)
	if got.State == account.NotRead {
		rec.Unread(key, got.Unread)
		return account.Part[*T]{}
	}
	return account.Have(got.Value)
}

func (r *run) bucketARN(name, region string) string {
	return "arn:" + or(r.partition, regionPartition(region)) + ":s3:::" + name
}
