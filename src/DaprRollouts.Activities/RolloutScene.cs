using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Signals;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Activities;

/// <summary>What one turn at a rollout has seen, done and written.</summary>
public sealed class RolloutScene(RolloutKey key, TimeProvider time)
{
    private readonly List<TimelineEntry> _done = [];
    private readonly Dictionary<string, long> _floor = new(key.Floor);
    private DateTimeOffset? _signalSeen = key.SignalSeen;

    public RolloutKey Key => key;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>The last observation.</summary>
    public Observation? Seen { get; private set; }

    /// <summary>The newest resource version written, by kind: what is observed must not be older.</summary>
    public IReadOnlyDictionary<string, long> Floor => _floor;

    /// <summary>Whether the next observation must come from the API server, as somebody else wrote in between.</summary>
    public bool MustReadLive { get; set; }

    /// <summary>Takes an observation, and tells of a signal that came with it.</summary>
    public void See(Observation seen)
    {
        Seen = seen;
        if (SignalRecord.Of(seen.Rollout) is not { } signal || signal.At <= _signalSeen)
        {
            return;
        }

        // A signal that is older than the revision was for the one before, unless it is what started this one.
        var isForEarlier = _signalSeen is null && !signal.StartsRevision && seen.ReplicaSets.All(r => r.Revision != key.Revision);
        _signalSeen = signal.At;
        if (!isForEarlier)
        {
            _done.Add(new TimelineEntry(signal.At, "Signal", signal.Action, signal.By, signal.Reason));
        }
    }

    /// <summary>Adds to the revision's timeline.</summary>
    public void Tell(string kind, string text, string? by = null, string? why = null) =>
        _done.Add(new TimelineEntry(Now, kind, text, by, why));

    /// <summary>Remembers a write.</summary>
    public void Wrote(string kind, string? resourceVersion)
    {
        if (long.TryParse(resourceVersion, out var version) && version > _floor.GetValueOrDefault(kind))
        {
            _floor[kind] = version;
        }
    }

    /// <summary>What the activity answers.</summary>
    public Report Report(Move next) => new(next, [.. _done], _floor, _signalSeen);
}
