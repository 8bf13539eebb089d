using System.Net;
using System.Net.Sockets;
using DaprRollouts.Engine;
using DaprRollouts.Kubernetes.Writing;
using k8s.Autorest;
using k8s.Exceptions;

namespace DaprRollouts.Cli;

/// <summary>Failures in one line that says what went wrong and what would help.</summary>
internal static class Failure
{
    /// <summary>What to tell the user; null for a defect of ours, which must not be hidden.</summary>
    public static CommandException? Of(Exception failure) => failure switch
    {
        CommandException told => told,
        OperationCanceledException { InnerException: TimeoutException slow } => new CommandException($"the server does not answer ({slow.Message}): try again, or see what holds it up"),
        OperationCanceledException => new CommandException("stopped"),
        TimeoutException late => new CommandException(late.Message),
        KubeConfigException e => new CommandException(e.Message),
        EngineDataException e => new CommandException(e.Message),
        KubernetesApiException e => new CommandException(Api(e.StatusCode, e.Message)),
        HttpOperationException e => Of(KubernetesApiException.Of((int)e.Response.StatusCode, e.Response.Content, "the API server refuses")),
        HttpRequestException { StatusCode: { } status } e => new CommandException(Api((int)status, e.Message)),
        HttpRequestException or SocketException => new CommandException(
            $"the server cannot be reached ({Innermost(failure).Message}): is it up, and do --kubeconfig and --context name the right cluster?"),
        IOException or UnauthorizedAccessException => new CommandException(failure.Message),
        _ => null,
    };

    private static string Api(int status, string message) => (HttpStatusCode)status switch
    {
        HttpStatusCode.Unauthorized => $"{message}: the API server does not know you; check the credentials in the kubeconfig",
        HttpStatusCode.Forbidden => $"{message}: ask the cluster's administrator for this right",
        HttpStatusCode.NotFound when message.Contains("could not find the requested resource", StringComparison.Ordinal)
            || message.Contains("404 page not found", StringComparison.Ordinal) =>
            "the cluster does not know Rollouts: install the custom resource definitions with 'dapr-rollouts crds install'",
        _ => message,
    };

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;
}
