using Dapr.Common.Serialization;
using Dapr.Workflow;
using Dapr.Workflow.Serialization;
using DaprRollouts.Protocol;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DaprRollouts.WorkflowSdk;

/// <summary>Runs workflows beside an engine in the same process: no worker connects anywhere.</summary>
public static class EmbeddedWorkflows
{
    /// <summary>Registers workflows and activities, and the <see cref="WorkflowDispatcher"/> that the engine is to call.</summary>
    public static IServiceCollection AddWorkflowDispatcher(this IServiceCollection services, Action<WorkflowRuntimeOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        WorkflowServiceCollectionExtensions.AddDispatching(services, configure);
        return services;
    }

    /// <summary>Registers a client that calls an engine through <paramref name="engine"/> instead of a connection.</summary>
    public static IServiceCollection AddWorkflowClient(this IServiceCollection services, Func<IServiceProvider, CallInvoker> engine)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(engine);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IDaprSerializer, JsonWorkflowSerializer>();
        services.TryAddSingleton(provider => new DaprWorkflowClient(
            new TaskHubSidecarService.TaskHubSidecarServiceClient(engine(provider)),
            provider.GetRequiredService<IDaprSerializer>(),
            provider.GetRequiredService<TimeProvider>(),
            connection: null));
        return services;
    }
}
