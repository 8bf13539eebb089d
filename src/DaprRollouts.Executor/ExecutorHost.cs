using System.Text.Json.Serialization;
using Dapr;
using Dapr.Workflow;
using DaprRollouts.Activities;
using DaprRollouts.Core.Model;
using DaprRollouts.Engine;
using DaprRollouts.Executor.Api;
using DaprRollouts.Executor.Events;
using DaprRollouts.Executor.Images;
using DaprRollouts.Executor.Signals;
using DaprRollouts.Executor.Telemetry;
using DaprRollouts.Executor.Triggers;
using DaprRollouts.Kubernetes;
using DaprRollouts.Workflows;

namespace DaprRollouts.Executor;

/// <summary>Puts an executor together. The command, the demo and the tests all run this one.</summary>
public static class ExecutorHost
{
    /// <summary>An executor that is ready to be started.</summary>
    /// <param name="options">How it runs.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public static WebApplication Build(ExecutorOptions options, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        AddLogging(builder.Logging, options.LogLevel);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton(ClusterConnection.Open(options.Kubeconfig, watcher: new CountedRequests()));
        builder.Services.AddDaprWorkflow(registrations =>
        {
            WorkflowCatalog.Register(registrations);
            ActivityCatalog.Register(registrations);
        });
        builder.Services.AddActivities(options);
        builder.Services.AddTriggers();
        builder.Services.AddTelemetry();
        builder.Services.AddSingleton<ImageUpdater>();
        builder.Services.AddSingleton<TimelineReader>();
        builder.Services.AddHealthChecks().AddCheck<ClusterHealth>("cluster", tags: [HealthEndpoints.Ready]);
        AddHttp(builder, options.Urls);
        AddSidecar(builder, options);
        AddEngine(builder, options);
        var app = builder.Build();
        if (options.Engine == EngineKind.Embedded)
        {
            app.MapWorkflowEngine();
        }

        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.MapHealth();
        app.MapTelemetry();
        app.MapOpenApi();
        app.MapRollouts();
        app.MapSignals();
        app.MapImagePushes();
        app.MapSubscriptions();
        return app;
    }

    /// <summary>The proxies that the environment names.</summary>
    /// <exception cref="StartException">They are no addresses.</exception>
    public static EnvironmentProxy Proxies()
    {
        try
        {
            return EnvironmentProxy.Read(Environment.GetEnvironmentVariable);
        }
        catch (FormatException e)
        {
            throw new StartException(e.Message);
        }
    }

    private static void AddLogging(ILoggingBuilder logging, LogLevel level) => logging
        .ClearProviders()
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
        })
        .SetMinimumLevel(level)
        .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
        .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning)
        .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None); // whoever asks gets the answer

    private static void AddHttp(WebApplicationBuilder builder, string urls)
    {
        ServedAddresses.Add(builder, urls);
        builder.Services.AddProblemDetails();
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            ModelJson.Options.Converters.ToList().ForEach(json.SerializerOptions.Converters.Add);
        });
        builder.Services.AddOpenApi(api => api.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "DaprRollouts";
            document.Info.Description = "Looks at Rollouts and steers them.";
            return Task.CompletedTask;
        }));
    }

    // By the environment alone: in the configuration, the embedded engine stands in the sidecar's place.
    private static void AddSidecar(WebApplicationBuilder builder, ExecutorOptions options)
    {
        var isAnnounced = ExecutorCommand.IsSidecarAnnounced();
        if (options.Engine == EngineKind.Dapr || options.SecretStores.Count > 0 || isAnnounced)
        {
            builder.Services.AddDaprClient(sidecar => sidecar
                .UseGrpcEndpoint(DaprDefaults.GetDefaultGrpcEndpoint(new ConfigurationBuilder().AddEnvironmentVariables().Build())));
        }

        if (isAnnounced)
        {
            builder.Services.AddHostedService<EventPublisher>();
        }
    }

    private static void AddEngine(WebApplicationBuilder builder, ExecutorOptions options)
    {
        if (options.Engine == EngineKind.Dapr)
        {
            builder.Services.AddHealthChecks().AddCheck<SidecarHealth>("sidecar", tags: [HealthEndpoints.Ready]);
            return;
        }

        builder.Services.AddWorkflowEngine(engine =>
        {
            engine.DataDirectory = options.Data;
            engine.ApiToken = DaprDefaults.GetDefaultDaprApiToken(builder.Configuration); // the worker sends it, as it would to a sidecar
        });
        ServedAddresses.AddEngine(builder);
    }
}
