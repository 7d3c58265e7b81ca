package transform

import (
	"strings"
	"testing"
)

const plainRecord = `{"id":"a","tier":"exact","request":{"principal":"arn:aws:iam::111122223333:role/app","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","context":{}},"resource_account":"111122223333","identity":[{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}]}`

func TestRecordIsReadStrictly(t *testing.T) {
	tests := []struct{ name, old, new, says string }{
		{"as it is", "", "", ""},
		{"another's keys", `"id":"a"`, `"id":"a","suite":"x","expect":{"verdict":"allowed"}`, ""},
		{"a number and a bool", `"context":{}`, `"context":{"s3:max-keys":10,"aws:SecureTransport":true,"aws:TagKeys":["a",1]}`, ""},
		{"a misspelt layer", `"identity"`, `"boundry":[],"identity"`, `no key "boundry"`},
		{"other letters", `"identity"`, `"Identity"`, `no key "Identity"`},
		{"a layer twice", `"id":"a"`, `"id":"a","scps":[],"scps":[]`, "twice"},
		{"an unknown tier", `"exact"`, `"wildcards"`, "no tier"},
		{"an unknown part of the request", `"context":{}`, `"contex":{}`, `no key "contex"`},
		{"a context key in two spellings", `"context":{}`, `"context":{"s3:prefix":"a","S3:prefix":"b"}`, "twice"},
		{"a context value that is null", `"context":{}`, `"context":{"s3:prefix":null}`, "must be a text"},
		{"a context value that is an object", `"context":{}`, `"context":{"s3:prefix":[{}]}`, "must be a text"},
		{"an action with a wildcard", `"s3:GetObject"`, `"s3:Get*"`, "not one action"},
		{"an action without a service", `"s3:GetObject"`, `"GetObject"`, "not one action"},
		{"no request", `"request"`, `"name"`, "no request"},
		{"a list", plainRecord, `[]`, "must be an object"},
		{"cut", `"}]}]}`, ``, "cut"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := ParseRecord([]byte(strings.Replace(plainRecord, tt.old, tt.new, 1)))
			if tt.says == "" {
				if err != nil {
					t.Fatal(err)
				}
				if got, err := r.Decide(); err != nil || got.Verdict != "allowed" {
					t.Errorf("%+v %v", got, err)
				}
			} else if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%v, want %q", err, tt.says)
			}
		})
	}
}

// TestRecordPrincipal: an ARN cut short is not taken for a service, whom neither SCPs nor identity policies concern.
func TestRecordPrincipal(t *testing.T) {
	for principal, ok := range map[string]bool{
		`"arn:aws:iam::111122223333:role/app"`: true, `"ec2.amazonaws.com"`: true, `{"type":"Anonymous"}`: true,
		`"arn:aws:iam::role/app"`: false, `"role/app"`: false, `"*"`: false, `""`: false, `"arn:aws:iam::111122223333:group/x"`: false,
	} {
		r, err := ParseRecord([]byte(strings.Replace(plainRecord, `"arn:aws:iam::111122223333:role/app"`, principal, 1)))
		if err == nil {
			_, err = r.Decide()
		}
		if (err == nil) != ok {
			t.Errorf("%s: %v", principal, err)
		}
	}
}
