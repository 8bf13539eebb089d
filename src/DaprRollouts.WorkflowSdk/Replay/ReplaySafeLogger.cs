using Microsoft.Extensions.Logging;

namespace Dapr.Workflow.Replay;

/// <summary>Writes each line of a workflow once: silent while the workflow goes over what it has done already.</summary>
internal sealed class ReplaySafeLogger(ILogger inner, IWorkflowContext workflow) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => !workflow.IsReplaying && inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!workflow.IsReplaying)
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
