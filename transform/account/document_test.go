package account_test

import (
	"strings"
	"testing"

	"ccx/transform/account"
)

// TestDocumentEncodings reads one policy in every form in which it comes, to the same text.
func TestDocumentEncodings(t *testing.T) {
	const want = "{\n    \"Version\": \"2012-10-17\",\n    \"Statement\": {\n        \"Sid\": \"a+b %2B\"\n    }\n}"
	for name, text := range map[string]string{
		"one line":          `{"Version":"2012-10-17","Statement":{"Sid":"a+b %2B"}}`,
		"white space":       " \r\n{ \"Version\" :\t\"2012-10-17\",\r\n\"Statement\":{\"Sid\":\"a+b %2B\"}}\n ",
		"encoded":           `%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%7B%22Sid%22%3A%22a%2Bb%20%252B%22%7D%7D`,
		"plus kept":         `%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%7B%22Sid%22%3A%22a+b%20%252B%22%7D%7D`,
		"encoded and space": "%0A%7B%22Version%22%3A%222012-10-17%22,%22Statement%22:%7B%22Sid%22:%22a+b%20%252B%22%7D%7D%0A",
	} {
		if got := account.NewDocument(text).Text(); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

// TestDocumentKeepsWhatIsWrong: what AWS would refuse must reach the parser.
func TestDocumentKeepsWhatIsWrong(t *testing.T) {
	for _, text := range []string{
		`{"a": 1, "a": 2}`, `{"Effekt": "Deny"}`, `{"Action": "s3:\u0047et"}`, "{\"Sid\": \"\u2028<&>\"}", "{\"Sid\": \"\xff\"}",
	} {
		got := account.NewDocument(text).Text()
		if want := strings.NewReplacer(`{"`, "{\n    \"", `, "`, ",\n    \"", `}`, "\n}").Replace(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{"", "hello", `{"cut`, "100%", "[]", "{}{}", "null"} {
		if got := account.NewDocument(text).Text(); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

func TestDocumentIsParsedOnce(t *testing.T) {
	d := account.NewDocument(`{"Version": "2012-10-17", "Statement": []}`)
	if first := d.Policy(); first != d.Policy() {
		t.Error("two policies from one document")
	}
}
