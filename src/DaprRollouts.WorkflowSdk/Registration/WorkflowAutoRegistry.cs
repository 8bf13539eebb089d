namespace Dapr.Workflow;

/// <summary>Registrations that an assembly adds by itself, before the host is built.</summary>
public static class WorkflowAutoRegistry
{
    private static readonly List<Action<WorkflowRuntimeOptions>> Registrations = [];
    private static readonly Lock Gate = new();

    public static void Register(Action<WorkflowRuntimeOptions> registration)
    {
        ArgumentNullException.ThrowIfNull(registration);
        lock (Gate)
        {
            Registrations.Add(registration);
        }
    }

    internal static void Apply(WorkflowRuntimeOptions options)
    {
        Action<WorkflowRuntimeOptions>[] all;
        lock (Gate)
        {
            all = [.. Registrations];
        }

        Array.ForEach(all, register => register(options));
    }
}
