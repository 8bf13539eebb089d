using DaprRollouts.Protocol;

namespace Dapr.Workflow.Replay;

/// <summary>Which patches of its code an execution follows. The first answer to a name stays.</summary>
internal sealed class Patches(IEnumerable<HistoryEvent> past)
{
    private readonly HashSet<string> _recorded =
        new(past.SelectMany(e => e.WorkflowStarted?.Version?.Patches ?? []), StringComparer.Ordinal);

    private readonly Dictionary<string, bool> _answers = new(StringComparer.Ordinal);
    private readonly List<string> _followed = [];

    public bool Follows(string patch, bool isReplaying)
    {
        if (!_answers.TryGetValue(patch, out var follows))
        {
            follows = _recorded.Contains(patch) || !isReplaying;
            _answers.Add(patch, follows);
        }

        // Every question counts: the engine compares the whole list with the one that it has stored.
        if (follows)
        {
            _followed.Add(patch);
        }

        return follows;
    }

    public WorkflowVersion? VersionOf(string workflow) =>
        _followed.Count == 0 ? null : new WorkflowVersion { Name = workflow, Patches = { _followed } };
}
