using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Dapr.Workflow.Worker;

/// <summary>Tells whether work items can reach this process.</summary>
internal sealed class StreamHealth : IHealthCheck
{
    public const string Name = "workflow-worker";

    private volatile string? _trouble = "the stream of work items has not been opened yet";

    public bool IsFlowing => _trouble is null;

    public void Flowing() => _trouble = null;

    public void Broken(string why) => _trouble = why;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_trouble is { } why
            ? new HealthCheckResult(context.Registration.FailureStatus, $"No work items: {why}.")
            : HealthCheckResult.Healthy("Work items flow."));
}
