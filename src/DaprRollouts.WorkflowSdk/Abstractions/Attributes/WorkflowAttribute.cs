namespace Dapr.Workflow.Abstractions.Attributes;

/// <summary>Names a workflow for tools that register classes by themselves.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
public sealed class WorkflowAttribute : Attribute
{
    public WorkflowAttribute()
    {
    }

    public WorkflowAttribute(string name) => Name = name;

    public string? Name { get; }
}
