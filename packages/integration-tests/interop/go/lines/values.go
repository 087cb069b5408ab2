package lines

import (
	"encoding/base64"
	"encoding/json"
	"math/big"
	"reflect"
	"strconv"
)

const largestSafeInteger = 1<<53 - 1

// fromJSON takes decoded JSON to the values that a client is given.
func fromJSON(value any) any {
	switch value := value.(type) {
	case json.Number:
		return numberOf(value.String())
	case []any:
		items := make([]any, len(value))
		for i, item := range value {
			items[i] = fromJSON(item)
		}
		return items
	case map[string]any:
		if text, ok := value["$binary"].(string); ok {
			data, _ := base64.StdEncoding.DecodeString(text)
			return data
		}
		if text, ok := value["$integer"].(string); ok {
			return numberOf(text)
		}
		entries := make(map[string]any, len(value))
		for key, item := range value {
			entries[key] = fromJSON(item)
		}
		return entries
	}
	return value
}

func numberOf(text string) any {
	if integer, err := strconv.ParseInt(text, 10, 64); err == nil {
		return integer
	}
	if integer, err := strconv.ParseUint(text, 10, 64); err == nil {
		return integer
	}
	if integer, ok := new(big.Int).SetString(text, 10); ok {
		return integer
	}
	number, _ := strconv.ParseFloat(text, 64)
	return number
}

// toJSON takes what a client gave to what can be written as JSON. Clients have types of their own for lists and dicts.
func toJSON(value any) any {
	switch value := value.(type) {
	case nil:
		return nil
	case []byte:
		return map[string]any{"$binary": base64.StdEncoding.EncodeToString(value)}
	case *big.Int:
		return map[string]any{"$integer": value.String()}
	case big.Int:
		return map[string]any{"$integer": value.String()}
	case Payload:
		return payloadToJSON(value)
	}
	reflected := reflect.ValueOf(value)
	switch {
	case reflected.Kind() == reflect.Slice:
		items := make([]any, reflected.Len())
		for i := range items {
			items[i] = toJSON(reflected.Index(i).Interface())
		}
		return items
	case reflected.Kind() == reflect.Map:
		entries := make(map[string]any, reflected.Len())
		for _, key := range reflected.MapKeys() {
			entries[key.String()] = toJSON(reflected.MapIndex(key).Interface())
		}
		return entries
	case reflected.CanInt():
		if number := reflected.Int(); number > largestSafeInteger || number < -largestSafeInteger {
			return map[string]any{"$integer": strconv.FormatInt(number, 10)}
		}
	case reflected.CanUint():
		if number := reflected.Uint(); number > largestSafeInteger {
			return map[string]any{"$integer": strconv.FormatUint(number, 10)}
		}
	}
	return value
}

func payloadToJSON(payload Payload) any {
	entries := map[string]any{"args": []any{}, "kwargs": map[string]any{}}
	if payload.Args != nil {
		entries["args"] = toJSON(payload.Args)
	}
	if payload.Kwargs != nil {
		entries["kwargs"] = toJSON(payload.Kwargs)
	}
	if payload.URI != "" {
		entries["uri"] = payload.URI
	}
	return entries
}
