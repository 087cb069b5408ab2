// Command xconn-client drives a session of github.com/xconnio/xconn-go by lines of JSON.
package main

import (
	"context"
	"errors"

	"github.com/xconnio/wampproto-go/auth"
	"github.com/xconnio/xconn-go"

	"wampkit.test/interop/lines"
)

var serializers = map[string]xconn.SerializerSpec{
	"json": xconn.JSONSerializerSpec, "msgpack": xconn.MsgPackSerializerSpec, "cbor": xconn.CBORSerializerSpec,
}

func main() { lines.Run(connect) }

func connect(options lines.Options) (lines.Session, error) {
	authenticator, err := authenticatorOf(options)
	if err != nil {
		return nil, err
	}
	client := xconn.Client{SerializerSpec: serializers[options.Serializer], Authenticator: authenticator}
	joined, err := client.Connect(context.Background(), options.URL, options.Realm)
	if err != nil {
		return nil, err
	}
	return &session{joined}, nil
}

func authenticatorOf(options lines.Options) (auth.ClientAuthenticator, error) {
	switch options.Method {
	case "ticket":
		return auth.NewTicketAuthenticator(options.AuthID, options.Secret, nil), nil
	case "wampcra":
		return auth.NewWAMPCRAAuthenticator(options.AuthID, options.Secret, nil), nil
	case "cryptosign":
		return auth.NewCryptoSignAuthenticator(options.AuthID, options.Secret, nil)
	}
	return auth.NewAnonymousAuthenticator(options.AuthID, nil), nil
}

type session struct{ *xconn.Session }

func (s *session) AuthID() string { return s.Details().AuthID() }

func (s *session) Call(procedure string, payload lines.Payload) (lines.Payload, error) {
	response := s.Session.Call(procedure).Args(payload.Args...).Kwargs(payload.Kwargs).Do()
	var failure *xconn.Error
	if errors.As(response.Err, &failure) {
		return lines.Payload{URI: failure.URI, Args: failure.Args, Kwargs: failure.Kwargs}, nil
	}
	if response.Err != nil {
		return lines.Payload{}, response.Err
	}
	return lines.Payload{Args: response.Args(), Kwargs: response.Kwargs()}, nil
}

func (s *session) RegisterEcho(procedure, match string) error {
	echo := func(_ context.Context, call *xconn.Invocation) *xconn.InvocationResult {
		return &xconn.InvocationResult{Args: call.Args(), Kwargs: call.Kwargs()}
	}
	return s.Register(procedure, echo).Match(match).Do().Err
}

func (s *session) RegisterFailing(procedure string, failure lines.Payload) error {
	fail := func(context.Context, *xconn.Invocation) *xconn.InvocationResult {
		return &xconn.InvocationResult{Err: failure.URI, Args: failure.Args, Kwargs: failure.Kwargs}
	}
	return s.Register(procedure, fail).Do().Err
}

func (s *session) Subscribe(topic, match string, onEvent func(lines.Payload)) error {
	handle := func(event *xconn.Event) {
		onEvent(lines.Payload{Args: event.Args(), Kwargs: event.Kwargs()})
	}
	return s.Session.Subscribe(topic, handle).Match(match).Do().Err
}

func (s *session) Publish(topic string, payload lines.Payload) error {
	return s.Session.Publish(topic).Args(payload.Args...).Kwargs(payload.Kwargs).Acknowledge(true).Do().Err
}

func (s *session) Close() error { return s.Leave() }
