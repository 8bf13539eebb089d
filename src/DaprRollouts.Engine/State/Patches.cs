using DaprRollouts.Protocol;

namespace DaprRollouts.Engine.State;

/// <summary>The patches that an execution has applied: the history keeps each where it was first met.</summary>
internal static class Patches
{
    /// <summary>Writes what is new in a worker's list into the turn's WorkflowStarted.</summary>
    public static void Record(Instance instance, Turn turn, WorkflowVersion? version)
    {
        if (version is null)
        {
            return;
        }

        var recorded = instance.Patches.Count;
        var kept = new WorkflowVersion();
        kept.Patches.AddRange(version.Patches.Skip(recorded));
        if (version.HasName)
        {
            kept.Name = version.Name;
        }

        if (kept.Patches.Count > 0 || kept.HasName)
        {
            turn.Events[0].WorkflowStarted.Version = kept;
        }
    }
}
