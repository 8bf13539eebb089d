using System.Text.Json;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Signals;

/// <summary>What somebody wants of a rollout, whichever way it arrives.</summary>
public sealed record Signal
{
    public string? Namespace { get; init; }

    public string? Rollout { get; init; }

    /// <summary>One of <see cref="SignalAction"/>.</summary>
    public string? Action { get; init; }

    /// <summary>If given, the signal only applies while this revision is the newest.</summary>
    public long? Revision { get; init; }

    /// <summary>For undo: the revision to go back to; the one before the newest if absent.</summary>
    public long? ToRevision { get; init; }

    public string? Reason { get; init; }

    public string? By { get; init; }

    /// <summary>Identifies the signal, so that one delivered twice counts once.</summary>
    public string? Id { get; init; }

    /// <summary>Reads a signal; null with an error that says what is wrong and what would be right.</summary>
    public static (Signal? Signal, string? Error) Parse(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return (null, $"a signal is a JSON object, not {json.ValueKind}");
        }

        try
        {
            var signal = json.Deserialize<Signal>(ModelJson.Options)!;
            return signal.Error() is { } error ? (null, error) : (signal, null);
        }
        catch (JsonException e)
        {
            return (null, $"{e.Path?.TrimStart('$', '.')}: cannot be read; revision and toRevision are whole numbers, everything else is text");
        }
    }

    /// <summary>What is wrong with the signal itself, or null.</summary>
    public string? Error() =>
        string.IsNullOrWhiteSpace(Action) ? $"action: missing; give one of {string.Join(", ", SignalAction.All)}"
        : !SignalAction.All.Contains(Action) ? $"action: \"{Action}\" is unknown; give one of {string.Join(", ", SignalAction.All)}"
        : Revision is <= 0 ? $"revision: {Revision} is not a revision; revisions count from 1"
        : ToRevision is < 0 ? $"toRevision: {ToRevision} is not a revision; revisions count from 1"
        : ToRevision is not null && Action != SignalAction.Undo ? "toRevision: only undo takes it"
        : null;
}

/// <summary>What a signal may ask for.</summary>
public static class SignalAction
{
    public const string Promote = "promote";
    public const string PromoteFull = "promote-full";
    public const string SkipStep = "skip-step";
    public const string Abort = "abort";
    public const string Retry = "retry";
    public const string Pause = "pause";
    public const string Resume = "resume";
    public const string Restart = "restart";
    public const string Undo = "undo";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Abort, Pause, Promote, PromoteFull, Restart, Resume, Retry, SkipStep, Undo];
}
