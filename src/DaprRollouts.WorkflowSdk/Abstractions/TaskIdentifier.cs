namespace Dapr.Workflow.Abstractions;

#pragma warning disable CA2225 // The conversions of the official package and no others.

/// <summary>The name under which a workflow or activity is registered.</summary>
public readonly record struct TaskIdentifier(string Name)
{
    public static implicit operator TaskIdentifier(string name) => new(name);

    public static implicit operator string(TaskIdentifier identifier) => identifier.Name;

    public override string ToString() => Name;
}
