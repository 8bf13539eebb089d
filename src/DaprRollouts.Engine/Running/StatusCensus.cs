using DaprRollouts.Engine.Storage;
using DaprRollouts.Protocol;

namespace DaprRollouts.Engine.Running;

/// <summary>How many instances there are of each status. Counted in the store once, when somebody first asks, and kept up to date from then on.</summary>
internal sealed class StatusCensus(EngineStore store)
{
    private readonly List<(OrchestrationStatus? From, OrchestrationStatus? To)> _moves = [];
    private Dictionary<OrchestrationStatus, long>? _counts;

    public IReadOnlyDictionary<OrchestrationStatus, long> Counts => _counts ??= store.CountByStatus();

    /// <summary>Notes a change that is about to be committed; null where there was or will be no instance.</summary>
    public void Note(OrchestrationStatus? from, OrchestrationStatus? to)
    {
        if (_counts is not null && from != to)
        {
            _moves.Add((from, to));
        }
    }

    public void Committed()
    {
        foreach (var (from, to) in _moves)
        {
            Add(from, -1);
            Add(to, 1);
        }

        _moves.Clear();
    }

    public void RolledBack() => _moves.Clear();

    private void Add(OrchestrationStatus? status, int change)
    {
        if (status is { } counted && _counts is { } counts)
        {
            counts[counted] = counts.GetValueOrDefault(counted) + change;
        }
    }
}
