namespace Dapr.Workflow;

/// <summary>What is kept in the history of an exception.</summary>
public class WorkflowTaskFailureDetails
{
    public WorkflowTaskFailureDetails(string errorType, string errorMessage, string? stackTrace = null)
    {
        ErrorType = errorType;
        ErrorMessage = errorMessage;
        StackTrace = stackTrace;
    }

    /// <summary>The full name of the exception's type, without its assembly.</summary>
    public string ErrorType { get; }

    public string ErrorMessage { get; }

    public string? StackTrace { get; }

    /// <summary>True where the type can be found by its bare name, so for exceptions of the core library only.</summary>
    public bool IsCausedBy<T>()
        where T : Exception =>
        Type.GetType(ErrorType, throwOnError: false) is { } type && typeof(T).IsAssignableFrom(type);

    public override string ToString() => $"{ErrorType}: {ErrorMessage}";
}
