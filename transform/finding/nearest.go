package finding

import "strings"

// Nearest returns the candidate that a word was most likely meant to be. Case and the choice of _ or - count for
// nothing; else a third of the word's letters may differ, and never more than three.
func Nearest(word string, candidates []string) (string, bool) {
	best, least := "", 4
	for _, c := range candidates {
		if d := distance(plain(word), plain(c), least); d < least && d <= allowance(word, c) {
			best, least = c, d
		}
	}
	return best, best != ""
}

func allowance(a, b string) int { return min(3, min(len(a), len(b))/3) }

func plain(s string) string { return strings.ReplaceAll(strings.ToLower(s), "-", "_") }

// OneSlip reports whether two words are equal or one insertion, deletion, substitution or swap of neighbours apart.
func OneSlip(a, b string) bool { return distance(a, b, 2) <= 1 }

// distance counts the insertions, deletions, substitutions and swaps of neighbours that turn a into b (optimal string
// alignment); it gives up with limit as soon as no answer below it is possible.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	var before []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next := make([]int, len(b)+1)
		next[0] = i
		for j := 1; j <= len(b); j++ {
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+different(a[i-1], b[j-1]))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row = row, next
	}
	return min(row[len(b)], limit)
}

func different(x, y byte) int {
	if x == y {
		return 0
	}
	return 1
}
