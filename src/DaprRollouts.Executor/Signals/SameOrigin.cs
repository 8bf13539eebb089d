namespace DaprRollouts.Executor.Signals;

/// <summary>
/// Keeps pages of other sites from sending signals through the browser of somebody who can reach the executor: browsers name the page's origin, other programs do not.
/// </summary>
internal static class SameOrigin
{
    public static async ValueTask<object?> Check(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || (Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Authority == request.Host.Value)
            ? await next(context)
            : TypedResults.Problem($"The page at {origin} may not send signals.", statusCode: 403, title: "The request comes from another site");
    }
}
