using DaprRollouts.Protocol;

namespace Dapr.Workflow.Replay;

/// <summary>Failures as values of the protocol, and back.</summary>
internal static class Failures
{
    public static TaskFailureDetails Of(Exception exception, bool isNonRetriable = false) =>
        Of(exception.GetType().FullName ?? exception.GetType().Name, exception.Message, exception.StackTrace, isNonRetriable);

    public static TaskFailureDetails Of(string type, string message, string? stackTrace = null, bool isNonRetriable = true) =>
        new() { ErrorType = type, ErrorMessage = message, StackTrace = stackTrace, IsNonRetriable = isNonRetriable };

    public static WorkflowTaskFailureDetails FromProto(TaskFailureDetails details) =>
        new(details.ErrorType, details.ErrorMessage, details.StackTrace);

    public static WorkflowTaskFailedException OfActivity(TaskFailureDetails? details)
    {
        var known = details is null ? new WorkflowTaskFailureDetails("Exception", "Unknown error") : FromProto(details);
        return new WorkflowTaskFailedException($"Task failed: {known.ErrorMessage}", known);
    }

    /// <summary>A child that was terminated has no details to tell.</summary>
    public static WorkflowTaskFailedException OfChild(string workflow, TaskFailureDetails? details) => new(
        $"Child workflow '{workflow}' failed",
        details is null ? new WorkflowTaskFailureDetails("Exception", "Unknown message") : FromProto(details));
}
