using DaprRollouts.Engine.Running;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DaprRollouts.Engine;

/// <summary>Tells whether the engine can take in anything and keep it.</summary>
internal sealed class EngineHealth(EngineThread host) : IHealthCheck
{
    public const string Name = "workflow-engine";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            !host.IsRunning ? new HealthCheckResult(context.Registration.FailureStatus, "The engine has stopped.")
            : host.Engine.Core.Recovery.Problem is { } problem ? new HealthCheckResult(context.Registration.FailureStatus, problem)
            : HealthCheckResult.Healthy("The engine keeps what it is given."));
}
