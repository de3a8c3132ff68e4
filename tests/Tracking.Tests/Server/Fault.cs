namespace Osteon.Tracking.Tests;

/// <summary>What a server, or what stands between, can do to a request.</summary>
internal enum Fault
{
    None,

    /// <summary>The connection breaks before the request is looked at.</summary>
    ResetBefore,

    /// <summary>The request is done, and the connection breaks instead of an answer.</summary>
    ResetAfter,

    /// <summary>The request is done, and the answer breaks off half-way.</summary>
    ResetInAnswer,

    /// <summary>A proxy sends the request twice.</summary>
    Twice,

    /// <summary>The request is done long after the client has given up on it.</summary>
    Late,

    /// <summary>The answer comes a byte at a time, slower than anyone waits.</summary>
    SlowLoris,

    /// <summary>The answer takes its time, within what is allowed.</summary>
    Slow,

    /// <summary>429 with Retry-After.</summary>
    TooMany,

    /// <summary>500 with MLflow's JSON, and nothing done.</summary>
    Error,

    /// <summary>500 with MLflow's JSON, and the request done all the same.</summary>
    ErrorAfter,

    /// <summary>503 with HTML: a proxy without a server behind it.</summary>
    BadGateway,

    /// <summary>507: its disk is full.</summary>
    DiskFull,

    /// <summary>200 with HTML: a captive portal.</summary>
    HtmlOk,

    /// <summary>404 with HTML: an unknown path.</summary>
    HtmlNotFound,

    /// <summary>200 with JSON that is no object.</summary>
    OddJson,

    /// <summary>308 to another address.</summary>
    Redirect,

    /// <summary>401 with HTML, as MLflow's basic-auth app answers.</summary>
    Unauthorized,

    /// <summary>403 with text.</summary>
    Forbidden,
}
