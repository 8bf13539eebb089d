using System.Text.Json;
using DaprRollouts.Core.Signals;

namespace DaprRollouts.Tests.Core.Signals;

/// <summary>What counts as a signal, and what is said about the rest.</summary>
public sealed class SignalTests
{
    [Fact]
    public void A_signal_is_read_with_all_its_members()
    {
        var (signal, error) = Parse("""{"namespace":"shop","rollout":"app","action":"undo","revision":4,"toRevision":2,"reason":"slow","by":"alice","extra":1}""");

        Assert.Null(error);
        Assert.Equal(
            new Signal { Namespace = "shop", Rollout = "app", Action = "undo", Revision = 4, ToRevision = 2, Reason = "slow", By = "alice" }, signal);
    }

    [Theory]
    [InlineData("""[]""", "a signal is a JSON object, not Array")]
    [InlineData("""{}""", "action: missing; give one of abort, pause,")]
    [InlineData("""{"action":""}""", "action: missing; give one of")]
    [InlineData("""{"action":"promot"}""", "action: \"promot\" is unknown; give one of abort, pause,")]
    [InlineData("""{"action":7}""", "action: cannot be read; revision and toRevision are whole numbers, everything else is text")]
    [InlineData("""{"action":"abort","revision":"x"}""", "revision: cannot be read;")]
    [InlineData("""{"action":"abort","revision":0}""", "revision: 0 is not a revision; revisions count from 1")]
    [InlineData("""{"action":"undo","toRevision":-1}""", "toRevision: -1 is not a revision; revisions count from 1")]
    [InlineData("""{"action":"abort","toRevision":1}""", "toRevision: only undo takes it")]
    public void A_malformed_signal_is_refused_with_field_value_and_remedy(string json, string expected)
    {
        var (signal, error) = Parse(json);

        Assert.Null(signal);
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
    }

    private static (Signal? Signal, string? Error) Parse(string json) => Signal.Parse(JsonSerializer.Deserialize<JsonElement>(json));
}
