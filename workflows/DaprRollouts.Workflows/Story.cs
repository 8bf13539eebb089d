using DaprRollouts.Core.Model;

namespace DaprRollouts.Workflows;

/// <summary>What happened to a revision, as far as it is carried from one generation of its workflow to the next.</summary>
internal sealed class Story(IReadOnlyList<TimelineEntry> earlier)
{
    // About 30 KB: enough for every step of an update, and no burden in a history.
    private const int Limit = 250;

    private readonly List<TimelineEntry> _entries = [.. earlier];

    /// <summary>The newest entries.</summary>
    public IReadOnlyList<TimelineEntry> Entries => _entries;

    public void Add(IReadOnlyList<TimelineEntry> entries)
    {
        _entries.AddRange(entries);
        if (_entries.Count > Limit)
        {
            _entries.RemoveRange(0, _entries.Count - Limit);
        }
    }
}
