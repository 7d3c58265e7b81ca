package finding

import "testing"

func TestNearest(t *testing.T) {
	keys := []string{"cloud", "cloud_resource", "head_node", "worker_nodes", "zones", "flags", "min_nodes", "max_nodes"}
	for word, want := range map[string]string{
		"zone": "zones", "Zones": "zones", "head-node": "head_node", "HEAD_NODE": "head_node", "headnode": "head_node",
		"workers_nodes": "worker_nodes", "wroker_nodes": "worker_nodes", "min_node": "min_nodes", "mx_nodes": "max_nodes",
		"flgas": "flags", "cluod": "cloud", "cloud_resources": "cloud_resource",
		"": "", "x": "", "cl": "", "foo": "", "regions": "", "nodes": "", "quux_and_more": "",
	} {
		if got, ok := Nearest(word, keys); got != want || ok != (want != "") {
			t.Errorf("%q: %q, not %q", word, got, want)
		}
	}
	if _, ok := Nearest("zone", nil); ok {
		t.Error("a guess among none")
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"a", "a", 0}, {"a", "b", 1}, {"ab", "ba", 1}, {"abc", "acb", 1}, {"abc", "abcd", 1}, {"abcd", "bc", 2},
		{"kitten", "sitting", 3}, {"abcdef", "ghijkl", 4}, {"short", "a much longer word", 4},
	} {
		for _, pair := range [][2]string{{c.a, c.b}, {c.b, c.a}} {
			if got := distance(pair[0], pair[1], 4); got != c.want {
				t.Errorf("%q to %q: %d, not %d", pair[0], pair[1], got, c.want)
			}
		}
	}
}

func TestOneSlip(t *testing.T) {
	for word, want := range map[string]bool{"headnode": true, "haednode": true, "headnod": true, "headnodes": true, "hednods": false, "": false} {
		if got := OneSlip(word, "headnode"); got != want {
			t.Errorf("OneSlip(%q) = %v", word, got)
		}
	}
}
