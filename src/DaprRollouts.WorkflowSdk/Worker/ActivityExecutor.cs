using System.Diagnostics;
using Dapr.Common.Serialization;
using Dapr.Workflow.Replay;
using DaprRollouts.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dapr.Workflow.Worker;

/// <summary>Runs one attempt of an activity; whatever it throws is its answer.</summary>
internal sealed class ActivityExecutor(
    IWorkflowsFactory factory, IDaprSerializer serializer, IServiceScopeFactory scopes, ILogger<ActivityExecutor> logger)
{
    public async Task<ActivityResponse> ExecuteAsync(ActivityRequest request)
    {
        var answer = new ActivityResponse { InstanceId = request.WorkflowInstance?.InstanceId ?? "", TaskId = request.TaskId };
        using var span = WorkflowTracing.StartActivity(request);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            if (factory.TryCreateActivity(request.Name, scope.ServiceProvider, out var activity, out var failure))
            {
                var input = string.IsNullOrEmpty(request.Input) ? null : serializer.Deserialize(request.Input, activity.InputType);
                var result = await activity.RunAsync(new AttemptContext(request), input);
                answer.Result = result is null ? "" : serializer.Serialize(result, result.GetType());
                return answer;
            }

            answer.FailureDetails = NotCreated(request.Name, failure);
        }
#pragma warning disable CA1031 // Whatever an activity throws becomes its failure.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            logger.LogWarning("Activity {Activity} of {InstanceId} failed: {Problem}", request.Name, answer.InstanceId, thrown.Message);
            logger.LogDebug(thrown, "Activity {Activity} of {InstanceId} failed here", request.Name, answer.InstanceId);
            answer.FailureDetails = Failures.Of(thrown);
        }

        span.SetStatus(ActivityStatusCode.Error, answer.FailureDetails.ErrorMessage);
        return answer;
    }

    private TaskFailureDetails NotCreated(string name, Exception? failure)
    {
        logger.LogError(failure, "Activity {Activity} is not registered or cannot be made", name);
        if (failure is null)
        {
            return Failures.Of(FailureTypes.ActivityNotFound, $"Activity '{name}' not found", isNonRetriable: false);
        }

        var details = Failures.Of(failure);
        details.ErrorMessage = $"Activity '{name}' failed to activate: {failure.Message}";
        return details;
    }
}
