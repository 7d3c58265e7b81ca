package account

import (
	"fmt"
	"slices"
	"strings"
)

// How each shape is read: a table of its keys.

func (d *decoder) role(r *RoleDetail) reader {
	return func() (bool, error) {
		defer r.sort()
		return d.objectBut("boundary", fields{
			"Path": d.word(&r.Path), "RoleName": d.word(&r.Name), "RoleId": d.word(&r.ID), "Arn": d.word(&r.ARN),
			"AssumeRolePolicyDocument": d.document(&r.Trust),
			"InstanceProfileList":      optionalList(d, &r.Profiles, d.profile),
			"RolePolicyList":           optionalList(d, &r.Inline, d.inline),
			"AttachedManagedPolicies":  optionalList(d, &r.Attached, d.attachment),
			"PermissionsBoundary":      optional(&r.Boundary, d.boundary),
			"Tags":                     optionalList(d, &r.Tags, d.tag),
		})
	}
}

func (d *decoder) inline(p *InlinePolicy) reader {
	return func() (bool, error) {
		return d.object(fields{"PolicyName": d.word(&p.Name), "PolicyDocument": d.document(&p.Document)})
	}
}

func (d *decoder) attachment(a *Attachment) reader {
	return func() (bool, error) {
		return d.object(fields{"PolicyName": d.word(&a.Name), "PolicyArn": d.word(&a.ARN)})
	}
}

func (d *decoder) boundary(b *Boundary) reader {
	return func() (bool, error) {
		return d.object(fields{
			"PermissionsBoundaryType": d.word(&b.Type), "PermissionsBoundaryArn": d.word(&b.ARN),
		})
	}
}

func (d *decoder) tag(t *Tag) reader {
	return func() (bool, error) { return d.object(fields{"Key": d.word(&t.Key), "Value": d.word(&t.Value)}) }
}

func (d *decoder) policy(p *PolicyDetail) reader {
	return func() (bool, error) {
		return d.object(fields{
			"PolicyName": d.word(&p.Name), "Arn": d.word(&p.ARN), "DefaultVersionId": d.word(&p.DefaultVersion),
			"PolicyVersionList": list(d, &p.Versions, d.version),
		})
	}
}

func (d *decoder) version(v *PolicyVersion) reader {
	return func() (bool, error) {
		return d.object(fields{
			"VersionId": d.word(&v.ID), "IsDefaultVersion": d.flag(&v.IsDefault), "Document": d.document(&v.Document),
		})
	}
}

func (d *decoder) profile(p *ProfileDetail) reader {
	return func() (bool, error) {
		p.Roles = nil
		roles := Part[[]ProfileRole]{}
		present, err := d.object(fields{
			"Path": d.word(&p.Path), "InstanceProfileName": d.word(&p.Name), "InstanceProfileId": d.word(&p.ID),
			"Arn": d.word(&p.ARN), "Roles": optionalList(d, &roles, d.profileRole),
		})
		if err == nil && present && !roles.Read {
			err = d.fail("this instance profile has no list of roles", `add "Roles": [] if it holds none`)
		}
		p.Roles = roles.Value
		return present, err
	}
}

func (d *decoder) profileRole(r *ProfileRole) reader {
	return func() (bool, error) {
		return d.object(fields{"RoleName": d.word(&r.Name), "Arn": d.word(&r.ARN)})
	}
}

func (d *decoder) bucket(b *BucketDetail) reader {
	return func() (bool, error) {
		return d.closed(fields{
			"Account": d.word(&b.Account), "BucketRegion": d.word(&b.Region),
			"ServerSideEncryptionConfiguration": optional(&b.Encryption, d.encryption),
			"OwnershipControls":                 optional(&b.Ownership, d.ownership),
			"PublicAccessBlockConfiguration":    optional(&b.Block, d.block),
		})
	}
}

func (d *decoder) encryption(e *EncryptionRules) reader {
	return d.rules(list(d, &e.Rules, d.encryptionRule))
}

func (d *decoder) encryptionRule(r *EncryptionRule) reader {
	return func() (bool, error) {
		present, err := d.object(fields{
			"ApplyServerSideEncryptionByDefault": d.encryptionDefault(&r.Default), "BucketKeyEnabled": d.flag(&r.BucketKey),
		})
		if err == nil && present && r.Default.Algorithm == "" {
			err = d.fail("this rule names no SSEAlgorithm", "write AES256, aws:kms or aws:kms:dsse")
		}
		return present, err
	}
}

func (d *decoder) encryptionDefault(e *EncryptionDefault) reader {
	return func() (bool, error) {
		return d.closed(fields{"SSEAlgorithm": d.word(&e.Algorithm), "KMSMasterKeyID": d.word(&e.KeyID)})
	}
}

func (d *decoder) ownership(o *OwnershipRules) reader {
	return d.rules(list(d, &o.Rules, func(r *OwnershipRule) reader {
		return func() (bool, error) {
			present, err := d.object(fields{"ObjectOwnership": d.word(&r.Ownership)})
			if err == nil && present && r.Ownership == "" {
				err = d.fail("this rule names no ObjectOwnership", "write BucketOwnerEnforced, BucketOwnerPreferred or ObjectWriter")
			}
			return present, err
		}
	}))
}

// rules reads an object that has nothing but Rules. Without them it would say that nothing is configured, and null says that.
func (d *decoder) rules(read reader) reader {
	return func() (bool, error) {
		have := false
		present, err := d.closed(fields{"Rules": func() (bool, error) {
			have = true
			return read()
		}})
		if err == nil && present && !have {
			err = d.fail("this has no Rules", "write null if nothing is configured")
		}
		return present, err
	}
}

// block reads a public access block. All four flags must be there: one that is left out is not one that is off.
func (d *decoder) block(b *PublicAccessBlock) reader {
	return func() (bool, error) {
		flags := map[string]*bool{
			"BlockPublicAcls": &b.BlockPublicAcls, "IgnorePublicAcls": &b.IgnorePublicAcls,
			"BlockPublicPolicy": &b.BlockPublicPolicy, "RestrictPublicBuckets": &b.RestrictPublicBuckets,
		}
		fs, missing := fields{}, len(flags)
		for name, flag := range flags {
			fs[name] = func() (bool, error) {
				missing--
				return d.flag(flag)()
			}
		}
		present, err := d.object(fs)
		if err == nil && present && missing > 0 {
			err = d.fail("this public access block lacks a flag", "write all four flags")
		}
		return present, err
	}
}

func (d *decoder) organizationOf(o *OrganizationDetail) reader {
	return func() (bool, error) {
		return d.closed(fields{
			"Id": d.word(&o.ID), "MasterAccountId": d.word(&o.Management), "FeatureSet": d.word(&o.FeatureSet), "Levels": optionalList(d, &o.Levels, d.level),
		})
	}
}

func (d *decoder) level(l *OrganizationLevel) reader {
	return func() (bool, error) {
		return d.closed(fields{
			"TargetId":                d.word(&l.Target),
			"ServiceControlPolicies":  optional(&l.SCPs, d.orgPolicies),
			"ResourceControlPolicies": optional(&l.RCPs, d.orgPolicies),
		})
	}
}

func (d *decoder) orgPolicies(ps *[]OrgPolicy) reader {
	return list(d, ps, func(p *OrgPolicy) reader {
		return func() (bool, error) {
			return d.object(fields{"Id": d.word(&p.ID), "Name": d.word(&p.Name), "Content": d.document(&p.Content)})
		}
	})
}

func (d *decoder) identity(id *Identity) reader {
	return func() (bool, error) {
		return d.closed(fields{"Account": d.word(&id.Account), "Arn": d.word(&id.ARN), "UserId": d.word(&id.UserID)})
	}
}

// reason reads an entry of unread. Without a class the code tells: only a plain refusal is Denied.
func (d *decoder) reason(u *Unread) reader {
	return func() (bool, error) {
		var class string
		present, err := d.closed(fields{
			"operation": d.word(&u.Operation), "code": d.word(&u.Code), "account": d.word(&u.Account),
			"caller": d.word(&u.Caller), "message": d.word(&u.Message), "class": d.word(&class),
		})
		if err == nil && !present {
			err = d.fail("null is no reason", "take the entry out, or say why: {\"code\": \"AccessDenied\"}")
		}
		if err != nil {
			return present, err
		}
		switch i := slices.Index(classWords[:], class); {
		case i > 0:
			u.Class = Class(i)
		case class != "":
			return true, d.fail(fmt.Sprintf("unknown class %q", class), "write one of: "+strings.Join(classWords[1:], ", "))
		case slices.Contains(denials[:], u.Code):
			u.Class = Denied
		default:
			u.Class = Unreachable
		}
		return true, nil
	}
}

// denials are the codes with which AWS says that the caller may not.
var denials = [...]string{"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}
