namespace Dapr.Workflow.Client;

#pragma warning disable CA2225 // The conversions of the official package and no others.

/// <summary>Says step by step how an instance starts.</summary>
public sealed class StartWorkflowOptionsBuilder
{
    private string? _instanceId;
    private DateTimeOffset? _startAt;

    public static implicit operator StartWorkflowOptions(StartWorkflowOptionsBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Build();
    }

    public StartWorkflowOptionsBuilder WithInstanceId(string instanceId)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        _instanceId = instanceId;
        return this;
    }

    public StartWorkflowOptionsBuilder StartAt(DateTimeOffset startAt)
    {
        _startAt = startAt;
        return this;
    }

    public StartWorkflowOptionsBuilder StartAfter(TimeSpan delay) => StartAt(TimeProvider.System.GetUtcNow() + delay);

    public StartWorkflowOptions Build() => new() { InstanceId = _instanceId, StartAt = _startAt };
}
