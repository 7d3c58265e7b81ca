package live

import "github.com/aws/aws-sdk-go-v2/aws"

// page is one page of a list.
type page[T any] struct {
	items     []T
	truncated bool
	marker    *string
}

// mostPages bounds a list: a server that never ends it must not hold the run.
const mostPages = 1000

// pages reads a list to its end. The SDK's own paginators take a repeated or missing marker for the end; a list of
// policies that ends too early would hide a Deny, so that both are errors here.
func pages[T any](next func(marker *string) (page[T], error)) ([]T, error) {
	var all []T
	var marker *string
	seen := map[string]bool{}
	for range mostPages {
		p, err := next(marker)
		if err != nil {
			return nil, err
		}
		all = append(all, p.items...)
		if !p.truncated {
			return all, nil
		}
		if m := aws.ToString(p.marker); m == "" || seen[m] {
			return nil, unexpected("AWS breaks its list off in the middle")
		}
		marker = p.marker
		seen[*marker] = true
	}
	return nil, unexpected("AWS's list does not end")
}
