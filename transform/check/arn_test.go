package check

import (
	"strings"
	"testing"

	"ccx/transform/finding"
)

func TestParseProfileAccepts(t *testing.T) {
	tests := []struct{ value, partition, account, name string }{
		{"ml-train", "", "", "ml-train"},
		{"a+b=c,d.e@f_g-h", "", "", "a+b=c,d.e@f_g-h"},
		{strings.Repeat("a", 128), "", "", strings.Repeat("a", 128)},
		{"arn:aws:iam::111122223333:instance-profile/ml-train", "aws", "111122223333", "ml-train"},
		{"arn:aws:iam::000000000001:instance-profile/x", "aws", "000000000001", "x"},
		{"arn:aws:iam::111122223333:instance-profile/teams/vision/ml-train", "aws", "111122223333", "ml-train"},
		{"arn:aws:iam::111122223333:instance-profile/a:b/ml", "aws", "111122223333", "ml"}, // a path may hold a colon
		{"arn:aws-cn:iam::111122223333:instance-profile/ml", "aws-cn", "111122223333", "ml"},
		{"arn:aws-us-gov:iam::111122223333:instance-profile/ml", "aws-us-gov", "111122223333", "ml"},
		{"arn:aws-eusc:iam::111122223333:instance-profile/ml", "aws-eusc", "111122223333", "ml"},
	}
	for _, tt := range tests {
		t.Run(tt.value, func(t *testing.T) {
			ref, faults := ParseProfile(tt.value)
			if len(faults) > 0 || ref.Partition != tt.partition || ref.Account != tt.account || ref.Name != tt.name {
				t.Errorf("got %+v, faults %v", ref, faults)
			}
		})
	}
}

func TestParseProfileRefuses(t *testing.T) {
	tests := []struct {
		value string
		marks []string // what each fault underlines
		says  string   // in the first message or hint
	}{
		{"arn:aws:iam::0123456789012:instance-profile/ml", []string{"0123456789012"}, "13 digits"},
		{"arn:aws:iam::11112222333:instance-profile/ml", []string{"11112222333"}, "11 digits"},
		{"arn:aws:iam::<account_id>:instance-profile/ml", []string{"<account_id>"}, "placeholder"},
		{"arn:aws:iam::11112222333x:instance-profile/ml", []string{"11112222333x"}, "12 digits"},
		{"arn:aws:iam:::instance-profile/ml", []string{""}, "missing"},
		{"arn:aws:iam::111122223333:role/ml", []string{"role"}, "role's ARN"},
		{"arn:aws:sts::111122223333:assumed-role/ml/i-1", []string{"sts", "assumed-role"}, "sts"},
		{"arn:aws:iam::111122223333:user/ml", []string{"user"}, "user's ARN"},
		{"arn:aws:iam::111122223333:instance-profile/", []string{""}, "missing"},
		{"arn:aws:iam::111122223333:instance-profile/<NAME>", []string{"<NAME>"}, "placeholder"},
		{"arn:aws:iam::0123456789012:instance-profile/<IAM Instance Profile Name>", []string{"0123456789012", "<IAM Instance Profile Name>"}, "13 digits"},
		{"arn:aws:iam:us-west-2:111122223333:instance-profile/ml", []string{"us-west-2"}, "no region"},
		{"arn:amazon:iam::111122223333:instance-profile/ml", []string{"amazon"}, "partition"},
		{"arn:aws:ec2::111122223333:instance-profile/ml", []string{"ec2"}, "not of iam"},
		{"arn:aws:iam::111122223333", []string{"arn:aws:iam::111122223333"}, "neither"},
		{"aws:iam::111122223333:instance-profile/ml", []string{"aws:iam::111122223333:instance-profile/ml"}, "neither"},
		{"teams/ml-train", []string{"/"}, "path"},
		{"ml train", []string{" "}, "can't be in"},
		{"mäl", []string{"ä"}, "can't be in"},
		{strings.Repeat("a", 129), []string{strings.Repeat("a", 129)}, "at most 128"},
	}
	for _, tt := range tests {
		t.Run(tt.value, func(t *testing.T) {
			_, faults := ParseProfile(tt.value)
			var marks []string
			for _, f := range faults {
				marks = append(marks, tt.value[f.Start:f.End])
			}
			if strings.Join(marks, "|") != strings.Join(tt.marks, "|") {
				t.Fatalf("marks %q, want %q", marks, tt.marks)
			}
			if got := faults[0].Message + " " + faults[0].Hint; !strings.Contains(got, tt.says) {
				t.Errorf("%q does not say %q", got, tt.says)
			}
		})
	}
}

func TestParseRole(t *testing.T) {
	if ref, faults := ParseRole("arn:aws:iam::111122223333:role/service/ml"); len(faults) > 0 || ref.Name != "ml" {
		t.Errorf("%+v %v", ref, faults)
	}
	for _, value := range []string{"arn:aws:iam::111122223333:instance-profile/ml", strings.Repeat("r", 65), ""} {
		if _, faults := ParseRole(value); len(faults) == 0 {
			t.Errorf("%q passes for a role", value)
		}
	}
}

func TestGrammarMarksTheFault(t *testing.T) {
	const arn = "arn:aws:iam::0123456789012:instance-profile/ml"
	tests := []struct {
		name string
		at   finding.Place
		want string // the text before the mark
	}{
		{"a flag", Argument("-p", arn), "-p arn:aws:iam::"},
		{"plain", finding.Place{Line: 3, Column: 6, Text: "Arn: " + arn}, "Arn: arn:aws:iam::"},
		{"quoted", finding.Place{Line: 3, Column: 6, Text: `Arn: "` + arn + `"`}, `Arn: "arn:aws:iam::`},
		{"after wide text", finding.Place{Line: 3, Column: 4, Text: "模: " + arn}, "模: arn:aws:iam::"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Grammar(Subject{Profile: arn, Given: tt.at})
			if len(got) != 1 || got[0].Status != finding.Fail {
				t.Fatalf("%+v", got)
			}
			p := got[0].Place
			runes := []rune(p.Text)
			if before := string(runes[:p.Column-1]); before != tt.want {
				t.Errorf("mark after %q, want %q", before, tt.want)
			}
			if p.Length != 13 {
				t.Errorf("marks %d bytes, want the 13 digits", p.Length)
			}
		})
	}
}

func TestGrammarKnowsTheRegionsPartition(t *testing.T) {
	tests := []struct {
		arn, region string
		want        finding.Status
	}{
		{"arn:aws:iam::111122223333:instance-profile/ml", "us-west-2", finding.Pass},
		{"arn:aws:iam::111122223333:instance-profile/ml", "", finding.Pass},
		{"arn:aws-cn:iam::111122223333:instance-profile/ml", "cn-north-1", finding.Pass},
		{"arn:aws:iam::111122223333:instance-profile/ml", "us-gov-west-1", finding.Fail},
		{"arn:aws-cn:iam::111122223333:instance-profile/ml", "us-west-2", finding.Fail},
		{"ml", "us-west-2", finding.Pass},
	}
	for _, tt := range tests {
		got := Grammar(Subject{Profile: tt.arn, Region: tt.region})
		if len(got) != 1 || got[0].Status != tt.want {
			t.Errorf("%s in %q: %+v, want %v", tt.arn, tt.region, got, tt.want)
		}
	}
}
