namespace Dapr.Workflow.Abstractions.Attributes;

/// <summary>Names an activity for tools that register classes by themselves.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
public sealed class WorkflowActivityAttribute : Attribute
{
    public WorkflowActivityAttribute()
    {
    }

    public WorkflowActivityAttribute(string name) => Name = name;

    public string? Name { get; }
}
