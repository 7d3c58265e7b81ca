// Package glob holds the patterns of the IAM policy language as automata: '*' stands for any run of characters
// ('/', ':' and newline included), '?' for exactly one. It answers what a matcher can't: whether two patterns share a
// string, whether one covers another, and which combinations of patterns a string can match, each with the shortest
// such string.
package glob
