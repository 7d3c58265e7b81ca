package document

import (
	"encoding/json"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// maxDigits is the longest number that Python reads (sys.set_int_max_str_digits).
const maxDigits = 4300

// intOf reads an integer as PyYAML does: decimal, 0b, 0x, 0 for octal, and base 60 with colons.
func intOf(text string) (any, bool) {
	digits, negative := cutSign(strings.ReplaceAll(text, "_", ""))
	if len(digits) > maxDigits {
		return nil, false
	}
	value, ok := new(big.Int), true
	switch {
	case strings.HasPrefix(digits, "0b"):
		value, ok = value.SetString(digits[2:], 2)
	case strings.HasPrefix(digits, "0x"):
		value, ok = value.SetString(digits[2:], 16)
	case strings.HasPrefix(digits, "0"):
		value, ok = value.SetString(strings.TrimPrefix(digits, "0o"), 8) // Python's int takes 0o7 behind a written !!int
	default:
		for _, part := range strings.Split(digits, ":") {
			next, good := new(big.Int).SetString(part, 10)
			if !good {
				return nil, false
			}
			value.Mul(value, big.NewInt(60)).Add(value, next)
		}
	}
	if !ok {
		return nil, false
	}
	if negative {
		value.Neg(value)
	}
	if value.IsInt64() {
		return value.Int64(), true
	}
	return json.Number(value.String()), true
}

// floatOf reads a number with a point as PyYAML does, base 60 included.
func floatOf(text string) (any, bool) {
	digits, negative := cutSign(strings.ToLower(strings.ReplaceAll(text, "_", "")))
	value := 0.0
	switch digits {
	case ".inf":
		value = math.Inf(1)
	case ".nan":
		return math.NaN(), true
	default:
		parts, base := strings.Split(digits, ":"), 1.0
		for i := len(parts) - 1; i >= 0; i-- {
			next, err := strconv.ParseFloat(parts[i], 64)
			if err != nil && !math.IsInf(next, 0) || strings.ContainsAny(parts[i], "xpin") {
				return nil, false
			}
			value += next * base
			base *= 60
		}
	}
	if negative {
		value = -value
	}
	return value, true
}

func cutSign(text string) (digits string, negative bool) {
	if text != "" && (text[0] == '-' || text[0] == '+') {
		return text[1:], text[0] == '-'
	}
	return text, false
}
