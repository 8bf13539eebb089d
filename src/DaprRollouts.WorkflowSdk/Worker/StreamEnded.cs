namespace Dapr.Workflow.Worker;

#pragma warning disable CA1032 // Made in one place only.
#pragma warning disable CA1064 // Never leaves the worker.

/// <summary>The engine has closed the stream of work items in good order, which a worker takes like a break.</summary>
internal sealed class StreamEnded() : Exception("the engine has closed the stream");
