using System.Diagnostics;
using System.Reflection;

namespace Dapr.Workflow.Replay;

/// <summary>Finds the line of workflow code that is running.</summary>
internal static class WorkflowPlace
{
    /// <summary>The nearest caller outside this library and the runtime, such as "OrderWorkflow.RunAsync, line 12 of Order.cs".</summary>
    public static string? OfCaller() =>
        new StackTrace(fNeedFileInfo: true).GetFrames().Where(IsWorkflowCode).Select(Describe).FirstOrDefault();

    private static bool IsWorkflowCode(StackFrame frame) =>
        frame.GetMethod()?.DeclaringType?.Assembly is { } assembly
        && assembly != Assembly.GetExecutingAssembly()
        && assembly != typeof(object).Assembly;

    private static string Describe(StackFrame frame)
    {
        var method = frame.GetMethod()!;
        // Async methods and lambdas run in types named after the method where they were written, such as <RunAsync>d__1.
        var owner = method.DeclaringType!;
        var name = method.Name;
        while (owner.Name.Contains('<', StringComparison.Ordinal) && owner.DeclaringType is { } outer)
        {
            (name, owner) = (Written(owner.Name) ?? name, outer);
        }

        name = $"{owner.Name}.{Written(name) ?? name}";
        return frame.GetFileName() is { } file ? $"{name}, line {frame.GetFileLineNumber()} of {Path.GetFileName(file)}" : name;
    }

    private static string? Written(string generated)
    {
        var start = generated.LastIndexOf('<') + 1;
        var end = start > 0 ? generated.IndexOf('>', start) : -1;
        return end > start ? generated[start..end] : null;
    }
}
