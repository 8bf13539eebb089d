using System.Text.Json;
using DaprRollouts.Executor.Signals;

namespace DaprRollouts.Tests.Executor;

/// <summary>Signals in the CloudEvents that a sidecar delivers.</summary>
public sealed class SignalEnvelopeTests
{
    private const string Data = """{"namespace":"shop","rollout":"app","action":"abort"}""";

    [Theory]
    [InlineData("""{"id":"1","source":"ci","type":"com.dapr.event.sent","specversion":"1.0","datacontenttype":"application/json","data":DATA}""")]
    [InlineData("""{"id":"1","source":"ci","type":"com.dapr.event.sent","specversion":"1.0","datacontenttype":"text/plain","data":TEXT}""")]
    [InlineData("""{"id":"1","source":"ci","type":"com.dapr.event.sent","specversion":"1.0","data_base64":"BYTES"}""")]
    public void A_signal_is_found_as_JSON_as_text_and_as_bytes(string envelope)
    {
        var (signal, error) = Open(envelope
            .Replace("DATA", Data).Replace("TEXT", JsonSerializer.Serialize(Data)).Replace("BYTES", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Data))));

        Assert.Null(error);
        Assert.Equal(("shop", "app", "abort"), (signal!.Namespace, signal.Rollout, signal.Action));
        Assert.Equal(("1", "ci"), (signal.Id, signal.By));
    }

    [Fact]
    public void What_the_signal_says_of_itself_wins()
    {
        var (signal, _) = Open("""{"id":"1","source":"ci","data":{"namespace":"shop","rollout":"app","action":"abort","id":"own","by":"alice"}}""");

        Assert.Equal(("own", "alice"), (signal!.Id, signal.By));
    }

    [Theory]
    [InlineData("""7""", "a CloudEvent is a JSON object, not Number")]
    [InlineData("""{"id":"1"}""", "data: missing; publish the message as JSON")]
    [InlineData("""{"data":null}""", "a signal is a JSON object, not Null")]
    [InlineData("""{"data":"promote"}""", "data: is not JSON:")]
    [InlineData("""{"data_base64":"%%"}""", "data: is not JSON:")]
    [InlineData("""{"data_base64":5}""", "data: missing; publish the message as JSON")]
    [InlineData("""{"data":{"rollout":"app","action":"abort"}}""", "namespace: missing; give that of the Rollout")]
    [InlineData("""{"data":{"namespace":"shop","action":"abort"}}""", "rollout: missing; give the name of the Rollout")]
    [InlineData("""{"data":{"namespace":"shop","rollout":"app","action":"stop"}}""", "action: \"stop\" is unknown;")]
    public void What_is_malformed_is_named(string envelope, string expected)
    {
        var (signal, error) = Open(envelope);

        Assert.Null(signal);
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
    }

    private static (DaprRollouts.Core.Signals.Signal? Signal, string? Error) Open(string json) => SignalEnvelope.Open(JsonSerializer.Deserialize<JsonElement>(json));
}
