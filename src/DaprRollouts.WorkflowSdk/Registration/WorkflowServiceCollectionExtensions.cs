using Dapr.Common.Serialization;
using Dapr.Workflow.Registration;
using Dapr.Workflow.Replay;
using Dapr.Workflow.Serialization;
using Dapr.Workflow.Worker;
using DaprRollouts.WorkflowSdk;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Dapr.Workflow;

/// <summary>Registers workflows, their worker and their client with a container.</summary>
public static partial class WorkflowServiceCollectionExtensions
{
    public static IServiceCollection AddDaprWorkflow(this IServiceCollection services) =>
        AddDaprWorkflowBuilder(services, configureRuntime: null).Services;

    public static IServiceCollection AddDaprWorkflow(
        this IServiceCollection services,
        Action<WorkflowRuntimeOptions> configure,
        ServiceLifetime lifetime = ServiceLifetime.Singleton)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return AddDaprWorkflowBuilder(services, configure, configureClient: null, lifetime).Services;
    }

    public static DaprWorkflowBuilder AddDaprWorkflowBuilder(
        this IServiceCollection services,
        Action<WorkflowRuntimeOptions>? configureRuntime,
        Action<IServiceProvider, DaprWorkflowClientBuilder>? configureClient = null,
        ServiceLifetime lifetime = ServiceLifetime.Singleton)
    {
        ArgumentNullException.ThrowIfNull(services);
        AddDispatching(services, configureRuntime);
        AddWorker(services);
        services.TryAdd(new ServiceDescriptor(typeof(DaprWorkflowClient), provider => BuildClient(provider, configureClient), lifetime));
        return new DaprWorkflowBuilder(services);
    }

    /// <summary>All that turns work items into answers, without a connection to take them from.</summary>
    internal static void AddDispatching(IServiceCollection services, Action<WorkflowRuntimeOptions>? configureRuntime)
    {
        var options = OptionsIn(services);
        configureRuntime?.Invoke(options);
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IDaprSerializer, JsonWorkflowSerializer>();
        services.TryAddSingleton<IWorkflowsFactory>(provider =>
        {
            var factory = ActivatorUtilities.CreateInstance<WorkflowsFactory>(provider);
            provider.GetRequiredService<WorkflowRuntimeOptions>().ApplyRegistrations(factory);
            return factory;
        });
        services.TryAddSingleton(provider => new WorkflowDispatcher(
            ActivatorUtilities.CreateInstance<ReplayExecutor>(provider), ActivatorUtilities.CreateInstance<ActivityExecutor>(provider)));
    }

    private static void AddWorker(IServiceCollection services)
    {
        if (services.Any(s => s.ServiceType == typeof(StreamHealth)))
        {
            return;
        }

        services.AddSingleton<StreamHealth>();
        services.TryAddSingleton<IConfiguration>(_ => new ConfigurationBuilder().Build());
        services.TryAddSingleton(provider => SidecarConnection.InThisProcess(provider) is { } engine
            ? new SidecarConnection(engine)
            : new SidecarConnection(provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<WorkflowRuntimeOptions>()));
        services.AddHostedService<WorkflowWorker>();
        // For hosts that map health checks; where none does, nobody asks.
        services.Configure<HealthCheckServiceOptions>(checks => checks.Registrations.Add(new HealthCheckRegistration(
            StreamHealth.Name, provider => provider.GetRequiredService<StreamHealth>(), failureStatus: null, tags: ["ready"])));
    }

    // A host may register its workflows in several places: all of them add to the same options.
    private static WorkflowRuntimeOptions OptionsIn(IServiceCollection services)
    {
        var known = services.FirstOrDefault(s => s.ServiceType == typeof(WorkflowRuntimeOptions))?.ImplementationInstance;
        if (known is WorkflowRuntimeOptions options)
        {
            return options;
        }

        options = new WorkflowRuntimeOptions();
        WorkflowAutoRegistry.Apply(options);
        services.AddSingleton(options);
        return options;
    }

    private static DaprWorkflowClient BuildClient(IServiceProvider provider, Action<IServiceProvider, DaprWorkflowClientBuilder>? configure)
    {
        var builder = new DaprWorkflowClientBuilder(provider.GetService<IConfiguration>()) { Services = provider };
        configure?.Invoke(provider, builder);
        return builder.Build();
    }
}
